# Completions of ironkeep for bash: ironkeep util completions bash > /etc/bash_completion.d/ironkeep

_ironkeep() {
    local words current breaks prefix='' value
    COMPREPLY=()
    # Only blanks separate words here. bash's own list breaks 252:4 and sn=SERIAL in two.
    IFS=$' \t\n' read -a words <<<"${COMP_LINE:0:COMP_POINT}"
    [[ ${COMP_LINE:0:COMP_POINT} == *[[:blank:]] ]] && words+=('')
    while IFS=$'\t' read -r value _; do
        COMPREPLY+=("$value")
    done < <("$1" util complete -- "${words[@]}" 2>/dev/null)
    # What is chosen takes the place of what stands behind the last break of the word.
    current=${words[${#words[@]} - 1]}
    breaks=${COMP_WORDBREAKS//[^:=@]/}
    [[ -n $breaks ]] && prefix=${current%"${current##*["$breaks"]}"}
    COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
    # Paths: bash quotes them, and puts no blank behind a folder.
    if [[ -e ${COMPREPLY[0]-} ]]; then
        compopt -o filenames
    fi
}

complete -o nosort -F _ironkeep ironkeep 2>/dev/null || complete -F _ironkeep ironkeep
