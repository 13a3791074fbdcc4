//! Letting connections in.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::limits::{Neighbour, Places};
use super::{Service, connection};

/// How long a listener rests after an error that would only come again.
const REST: Duration = Duration::from_millis(100);

/// The first byte of every TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 0x16;

/// Serves what comes in through `listeners` until `stop` ends. Answers that are under way then are
/// finished, within [`super::Limits::grace`].
pub async fn serve(
    listeners: Vec<TcpListener>,
    service: Arc<Service>,
    stop: impl Future<Output = ()>,
) {
    let (stopping, is_stopping) = watch::channel(false);
    let places = Places::new(service.limits.connections, service.limits.connections_each);
    let mut listening = JoinSet::new();
    for listener in listeners {
        let (service, places) = (Arc::clone(&service), Arc::clone(&places));
        listening.spawn(accept(listener, service, places, is_stopping.clone()));
    }
    drop(is_stopping);
    stop.await;
    listening.shutdown().await;
    stopping.send_replace(true);
    // Every connection holds a receiver.
    drop(timeout(service.limits.grace, stopping.closed()).await);
}

/// Lets connections in for ever: no error of one, and no lack of anything, ends it.
async fn accept(
    listener: TcpListener,
    service: Arc<Service>,
    places: Arc<Places>,
    stop: watch::Receiver<bool>,
) {
    let mut is_failing = false;
    loop {
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) if is_of_one(&error) => continue,
            Err(error) => {
                if !std::mem::replace(&mut is_failing, true) {
                    service
                        .log
                        .line(&format!("cannot accept connections: {error}"));
                }
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        if std::mem::take(&mut is_failing) {
            service.log.line("connections are accepted again");
        }
        let from = Neighbour::from(address.ip());
        let Some(place) = places.take(from) else {
            // Closes it.
            continue;
        };
        let (service, stop) = (Arc::clone(&service), stop.clone());
        tokio::spawn(async move {
            converse(stream, from, &service, stop).await;
            drop(place);
        });
    }
}

/// Whether only one connection is concerned, which is gone already.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionReset | Interrupted
    )
}

async fn converse(
    stream: TcpStream,
    from: Neighbour,
    service: &Service,
    stop: watch::Receiver<bool>,
) {
    // Answers are written at once and as a whole; an error only makes them slower.
    drop(stream.set_nodelay(true));
    let Some(tls) = service.tls() else {
        return connection::serve(stream, from, service, stop).await;
    };
    // What is wrong was logged already.
    let Ok(tls) = tls else { return };
    let handshake = async {
        let mut first = [0];
        match stream.peek(&mut first).await {
            Ok(1) if first == [TLS_HANDSHAKE] => TlsAcceptor::from(tls).accept(stream).await.ok(),
            Ok(1) if first.is_ascii() => {
                explain(stream).await;
                None
            }
            _ => None,
        }
    };
    tokio::select! {
        () = connection::asked(stop.clone()) => {}
        handshake = timeout(service.limits.handshake, handshake) => {
            if let Ok(Some(stream)) = handshake {
                connection::serve(stream, from, service, stop).await;
            }
        }
    }
}

/// Tells somebody who typed `http://` what is wrong.
async fn explain(mut stream: TcpStream) {
    let text = "this port speaks HTTPS: begin the address with https://\n";
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{text}",
        text.len()
    );
    if stream.write_all(answer.as_bytes()).await.is_ok() && stream.shutdown().await.is_ok() {
        // Closed with the request unread, the socket would take this answer back.
        drop(
            tokio::io::copy(
                &mut tokio::io::AsyncReadExt::take(stream, 1 << 16),
                &mut tokio::io::sink(),
            )
            .await,
        );
    }
}
