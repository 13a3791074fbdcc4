//! Rows and columns without their type: what every format draws.

use super::{Align, Cell, Column, Tabular};

/// A table of cells, ready to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    pub(crate) heads: Vec<Head>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// The head of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) key: &'static str,
    pub(crate) header: &'static str,
    pub(crate) align: Align,
}

impl Grid {
    /// The given columns of the given rows, both in their order.
    pub(crate) fn new<'a, T: 'static>(
        columns: &[&'static Column<T>],
        rows: impl IntoIterator<Item = &'a T>,
    ) -> Self {
        Self {
            heads: columns.iter().map(|column| Head::of(column)).collect(),
            rows: rows
                .into_iter()
                .map(|row| columns.iter().map(|column| (column.cell)(row)).collect())
                .collect(),
        }
    }

    /// Without the column called `key` where it says the same in every row.
    pub(super) fn without_uniform(self, key: &str) -> Self {
        let Some(position) = self.heads.iter().position(|head| head.key == key) else {
            return self;
        };
        let mut cells = self.rows.iter().map(|row| row.get(position));
        let first = cells.next();
        if cells.all(|cell| Some(cell) == first) {
            self.without(key)
        } else {
            self
        }
    }

    /// With the column called `key` before all others.
    pub(super) fn led_by(mut self, key: &str) -> Self {
        if let Some(position) = self.heads.iter().position(|head| head.key == key) {
            if let Some(heads) = self.heads.get_mut(..=position) {
                heads.rotate_right(1);
            }
            for cells in self
                .rows
                .iter_mut()
                .filter_map(|row| row.get_mut(..=position))
            {
                cells.rotate_right(1);
            }
        }
        self
    }

    /// Without the column called `key`.
    pub(super) fn without(mut self, key: &str) -> Self {
        if let Some(position) = self.heads.iter().position(|head| head.key == key) {
            self.heads.remove(position);
            for row in &mut self.rows {
                row.remove(position);
            }
        }
        self
    }
}

impl Head {
    fn of<T>(column: &Column<T>) -> Self {
        Self {
            key: column.key,
            header: column.header,
            align: column.align,
        }
    }
}

/// A titled part of a record: fields, or rows of something that the thing has many of.
///
/// Title and labels are for people; in lower case with underscores they are the keys of plain
/// output (`Firmware state` is `firmware_state`), so changing them changes the interface.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    pub(crate) title: String,
    pub(crate) body: Body,
}

/// What a section holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    Fields(Vec<(String, Cell)>),
    Rows(Grid),
}

impl Section {
    /// A section of fields. Empty ones are not shown.
    pub fn new(title: impl Into<String>, fields: Vec<(impl Into<String>, Cell)>) -> Self {
        Self {
            title: title.into(),
            body: Body::Fields(
                fields
                    .into_iter()
                    .map(|(label, cell)| (label.into(), cell))
                    .collect(),
            ),
        }
    }

    /// A section of rows with their default columns: the drives of a virtual drive. Empty ones
    /// are not shown.
    pub fn rows<T: Tabular>(title: impl Into<String>, rows: &[T]) -> Self {
        let columns: Vec<_> = T::COLUMNS.iter().filter(|column| column.default).collect();
        Self {
            title: title.into(),
            body: Body::Rows(Grid::new(&columns, rows)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match &self.body {
            Body::Fields(fields) => fields.is_empty(),
            Body::Rows(grid) => grid.rows.is_empty(),
        }
    }

    /// The fields; none where the section holds rows.
    pub(super) fn fields(&self) -> &[(String, Cell)] {
        match &self.body {
            Body::Fields(fields) => fields,
            Body::Rows(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_goes_only_where_it_says_the_same_in_every_row() {
        let head = |key| Head {
            key,
            header: key,
            align: Align::Left,
        };
        let grid = |controllers: [u32; 2]| Grid {
            heads: vec![head("controller"), head("slot")],
            rows: controllers.map(|it| vec![it.into(), "7".into()]).to_vec(),
        };
        let keys = |grid: Grid| grid.heads.iter().map(|head| head.key).collect::<Vec<_>>();
        assert_eq!(
            keys(grid([0, 1]).without_uniform("controller")),
            ["controller", "slot"]
        );
        let left = grid([1, 1]).without_uniform("controller");
        assert_eq!(left.rows, [["7".into()], ["7".into()]]);
        assert_eq!(keys(left), ["slot"]);
    }
}
