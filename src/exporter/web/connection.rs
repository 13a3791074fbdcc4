//! One connection: what it may take of time.

use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::Service;
use super::limits::{Limits, Neighbour};

/// How much is read of what a client still sends after its last answer.
const LINGER_BYTES: usize = 1 << 20;

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Waiting for a request.
    Idle,
    /// Reading the head of one.
    Head,
    /// Finding the answer.
    Answer,
    /// Writing it.
    Write,
    /// Waiting for the client to close, too.
    Linger,
}

#[derive(Debug)]
struct Clock {
    phase: Phase,
    /// When the time of this phase is over.
    end: Instant,
}

/// The phases of one connection, as its reading, answering and writing go through them. Each of them has
/// to end in time as a whole: a client that sends or takes a byte now and then gains nothing.
#[derive(Debug, Clone)]
struct Phases {
    clock: Arc<Mutex<Clock>>,
    limits: Arc<Limits>,
}

impl Phases {
    fn new(limits: Arc<Limits>) -> Self {
        let end = Instant::now() + limits.head;
        let clock = Arc::new(Mutex::new(Clock {
            phase: Phase::Head,
            end,
        }));
        Self { clock, limits }
    }

    fn clock(&self) -> MutexGuard<'_, Clock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins `next`, if the connection is in one of the phases `from`.
    fn turn(&self, from: &[Phase], next: Phase, time: Duration) {
        let mut clock = self.clock();
        if from.contains(&clock.phase) {
            *clock = Clock {
                phase: next,
                end: Instant::now() + time,
            };
        }
    }

    fn has_read(&self) {
        self.turn(&[Phase::Idle], Phase::Head, self.limits.head);
    }

    fn is_asked(&self) {
        self.turn(
            &[Phase::Idle, Phase::Head],
            Phase::Answer,
            self.limits.answer,
        );
    }

    fn has_written(&self) {
        let mut clock = self.clock();
        if clock.phase == Phase::Answer {
            // Its time goes on.
            clock.phase = Phase::Write;
            return;
        }
        drop(clock);
        self.turn(
            &[Phase::Idle, Phase::Head],
            Phase::Write,
            self.limits.answer,
        );
    }

    fn has_flushed(&self) {
        self.turn(&[Phase::Write], Phase::Idle, self.limits.idle);
    }

    fn is_closed(&self) {
        let open = [Phase::Idle, Phase::Head, Phase::Answer, Phase::Write];
        self.turn(&open, Phase::Linger, self.limits.linger);
    }
}

/// A stream that tells how it goes.
#[derive(Debug)]
struct Told<S> {
    stream: S,
    phases: Phases,
    lingered: usize,
}

impl<S: AsyncRead + Unpin> AsyncRead for Told<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.phases.has_read();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Told<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.phases.has_written();
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.phases.has_written();
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.phases.has_flushed();
        Poll::Ready(Ok(()))
    }

    /// Closes our side, and reads what still comes: a socket that is closed with something unread in it
    /// takes the last answer away from a client that has not read it yet.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.phases.clock().phase != Phase::Linger {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            self.phases.is_closed();
        }
        let mut waste = [0; 4096];
        while self.lingered < LINGER_BYTES {
            let mut buffer = ReadBuf::new(&mut waste);
            match ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => self.lingered += buffer.filled().len(),
                Ok(()) | Err(_) => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// Ends when the server is asked to stop.
pub(super) async fn asked(mut stop: watch::Receiver<bool>) {
    drop(stop.wait_for(|&is_stopping| is_stopping).await);
}

/// Answers what comes in through `stream`, until it ends, takes too long, or `stop` says something.
pub(super) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    from: Neighbour,
    service: &Service,
    stop: watch::Receiver<bool>,
) {
    let phases = Phases::new(Arc::clone(&service.limits));
    let told = Told {
        stream,
        phases: phases.clone(),
        lingered: 0,
    };
    let answer = service_fn(|request: hyper::Request<Incoming>| {
        phases.is_asked();
        service.respond(request, from)
    });
    let connection = http1::Builder::new()
        .max_header_size(service.limits.head_bytes)
        // The time is kept here, where waiting for a request and reading its head differ.
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(told), answer);
    let mut connection = pin!(connection);
    // Whoever stops the server waits until nobody has one of these.
    let _present = stop.clone();
    let mut stopping = pin!(asked(stop));
    let (mut is_stopping, mut is_told) = (false, false);
    let mut late = pin!(sleep_until(phases.clock().end));
    std::future::poll_fn(|context| {
        is_stopping = is_stopping || stopping.as_mut().poll(context).is_ready();
        loop {
            // What a client does wrong is its own business.
            if connection.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
            // While it writes, hyper takes a connection for idle, and would cut the answer off.
            let is_writing = phases.clock().phase == Phase::Write;
            if !is_stopping || is_told || is_writing {
                break;
            }
            is_told = true;
            connection.as_mut().graceful_shutdown();
        }
        let end = phases.clock().end;
        if late.deadline() != end {
            late.as_mut().reset(end);
        }
        late.as_mut().poll(context)
    })
    .await;
}
