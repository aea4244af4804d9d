"""nginx and Caddy as ``deploy/`` configures them: on ports of the test, with a certificate of the test."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.deploy.programs import program

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
HOST = "bot.example.com"
_NGINX = """daemon off;
pid {folder}/nginx.pid;
error_log stderr;
worker_processes 1;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/trunkline.conf;
}}
"""
_CADDY = """{{
	auto_https off
	admin off
	grace_period 1s
	storage file_system {folder}/caddy
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Proxy:
    """A proxy that speaks TLS on ``port`` for the server at *upstream*; a context manager.

    :ivar trust: the context of a client that knows its certificate.
    """

    def __init__(self, name: str, folder: Path, upstream: int) -> None:
        self.port = free_port()
        self._program = program(name)
        self._folder = folder
        folder.mkdir()
        certificate, key = make_certificate(folder)
        self.trust = ssl.create_default_context(cafile=str(certificate))
        make = {"nginx": self._nginx, "caddy": self._caddy}[name]
        self._command = make(certificate, key, f"127.0.0.1:{upstream}")

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    def __enter__(self) -> Proxy:
        log = (self._folder / "log").open("wb")
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, stdout=log, stderr=log, env={"HOME": str(self._folder)}
        )
        log.close()
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                said = (self._folder / "log").read_text(errors="replace")
                assert self._process.poll() is None, said
                assert time.monotonic() < deadline, said
                time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _nginx(self, certificate: Path, key: Path, upstream: str) -> list[str]:
        text = _changed(
            (DEPLOY / "nginx.conf").read_text(),
            (r"127\.0\.0\.1:8080;", f"{upstream};"),
            (r"listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
            (r"/etc/ssl/trunkline/fullchain\.pem", str(certificate)),
            (r"/etc/ssl/trunkline/privkey\.pem", str(key)),
        )
        (self._folder / "trunkline.conf").write_text(text)
        main = self._folder / "nginx.conf"
        main.write_text(_NGINX.format(folder=self._folder))
        return [self._program, "-p", str(self._folder), "-c", str(main), "-e", "stderr"]

    def _caddy(self, certificate: Path, key: Path, upstream: str) -> list[str]:
        text = _changed(
            (DEPLOY / "Caddyfile").read_text(),
            (r"127\.0\.0\.1:8080 \{", f"{upstream} {{"),
            (
                r"(?m)^bot\.example\.com \{",
                f"https://{HOST}:{self.port} {{\n\tbind 127.0.0.1\n\ttls {certificate} {key}",
            ),
        )
        file = self._folder / "Caddyfile"
        file.write_text(_CADDY.format(folder=self._folder) + text)
        return [self._program, "run", "--config", str(file), "--adapter", "caddyfile"]


def _changed(text: str, *changes: tuple[str, str]) -> str:
    for pattern, replacement in changes:
        text, count = re.subn(pattern, replacement, text)
        assert count == 1, f"{pattern} is there {count} times"
    return text


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of HOST's own, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths
