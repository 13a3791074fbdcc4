//! Where the server listens.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::str::FromStr;

/// An address to listen on, as other exporters take it: `127.0.0.1:10876`, `localhost:10876`,
/// `[::1]:10876`, or `:10876` for every address of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    host: String,
    port: u16,
}

/// Why a text is no address to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAddress {
    /// Nothing tells the port.
    #[error("no port: expected HOST:PORT, [IPV6]:PORT or :PORT")]
    NoPort,
    /// The port is no number up to 65535.
    #[error("the port has to be a number from 0 to 65535")]
    Port,
    /// More than one colon.
    #[error("an IPv6 address needs brackets: [::1]:10876")]
    Brackets,
}

impl FromStr for Address {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let (host, port) = text.rsplit_once(':').ok_or(NoAddress::NoPort)?;
        let inner = host
            .strip_prefix('[')
            .map(|it| it.strip_suffix(']').ok_or(NoAddress::Brackets));
        let host = match inner.transpose()? {
            Some(host) => host,
            None if host.contains([':', '[', ']']) => return Err(NoAddress::Brackets),
            None => host,
        };
        let is_number = !port.is_empty() && port.bytes().all(|it| it.is_ascii_digit());
        let port = port
            .parse()
            .ok()
            .filter(|_| is_number)
            .ok_or(NoAddress::Port)?;
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(formatter, "[{}]:{}", self.host, self.port)
        } else {
            write!(formatter, "{}:{}", self.host, self.port)
        }
    }
}

impl Address {
    /// Listens there. Of a name with several addresses it takes the first of IPv4, as Go does.
    ///
    /// # Errors
    /// If there is no such address, or somebody listens there already.
    pub fn listen(&self) -> io::Result<TcpListener> {
        if self.host.is_empty() {
            // On Linux this one hears IPv4, too; where there is no IPv6, the other does.
            return TcpListener::bind((Ipv6Addr::UNSPECIFIED, self.port))
                .or_else(|_| TcpListener::bind((Ipv4Addr::UNSPECIFIED, self.port)));
        }
        let mut found: Vec<SocketAddr> =
            (self.host.as_str(), self.port).to_socket_addrs()?.collect();
        found.sort_by_key(SocketAddr::is_ipv6);
        let first = found
            .first()
            .ok_or_else(|| io::Error::other("the name has no address"))?;
        TcpListener::bind(first)
    }
}

/// The sockets that systemd has opened for this process; empty if there are none.
///
/// # Errors
/// If one of them is not a listening TCP socket.
pub fn inherited() -> io::Result<Vec<TcpListener>> {
    let mut sockets = listenfd::ListenFd::from_env();
    let sockets = (0..sockets.len()).filter_map(|at| sockets.take_tcp_listener(at).transpose());
    sockets.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_other_exporters() {
        for text in [
            ":10876",
            "127.0.0.1:10876",
            "localhost:0",
            "[::1]:1",
            "[fe80::1%eth0]:65535",
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
        }
        assert_eq!(
            "[127.0.0.1]:1".parse::<Address>().unwrap().to_string(),
            "127.0.0.1:1"
        );
        for (text, why) in [
            ("10876", NoAddress::NoPort),
            ("", NoAddress::NoPort),
            ("localhost", NoAddress::NoPort),
            ("localhost:", NoAddress::Port),
            ("localhost:http", NoAddress::Port),
            (":65536", NoAddress::Port),
            (":+1", NoAddress::Port),
            (":-1", NoAddress::Port),
            ("::1:10876", NoAddress::Brackets),
            ("[::1:10876", NoAddress::Brackets),
            ("::1", NoAddress::Brackets),
        ] {
            assert_eq!(text.parse::<Address>(), Err(why), "{text}");
        }
    }

    #[test]
    fn names_are_looked_up() {
        let listener = "localhost:0".parse::<Address>().unwrap().listen().unwrap();
        assert!(listener.local_addr().unwrap().ip().is_loopback());
        let everywhere = ":0".parse::<Address>().unwrap().listen().unwrap();
        let port = everywhere.local_addr().unwrap().port();
        std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    }
}
