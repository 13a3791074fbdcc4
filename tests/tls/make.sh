#!/bin/sh
# Makes the certificates that tests use: an authority, a server on this host and a client. They prove
# nothing to anybody; the keys are public.
set -eu
cd "$(dirname "$0")"

# certificate NAME SUBJECT EXTENSION
certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout "$1.key" -subj "/CN=$2" -out "$1.csr"
    printf '%s\n' "$3" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -days 36500 -extfile "$1.ext" -out "$1.pem"
    rm "$1.csr" "$1.ext"
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
    -keyout ca.key -subj '/CN=ironkeep tests' -out ca.pem
certificate server localhost 'subjectAltName=DNS:localhost,IP:127.0.0.1'
certificate client anna 'extendedKeyUsage=clientAuth'
rm -f ca.key ca.srl
