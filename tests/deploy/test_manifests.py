"""The files of ``deploy/``: linted, and what they say is what a server does."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.config import load
from gateway.serve import DRAIN_SECONDS
from gateway.workers.supervisor import DRAIN_MARGIN
from tests.deploy.programs import program
from tests.gateway.kit import Server, run, write_bot
from tests.postgres.server import Postgres
from tests.postgres.stores import KEY

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
BIN = Path(sys.executable).parent
MANIFESTS = ("kubernetes.yaml", "kubernetes-migrate.yaml")
COMPOSE = {"DOMAIN": "bot.example.com", "POSTGRES_PASSWORD": "secret1", "TRUNKLINE_SECRET_KEY": KEY.hex()}
SCRIPT = 'a = HEAR\nTALK "said " + a\n'


def lint(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def resources(*files: str) -> dict[str, Any]:
    """What the manifests declare, by kind."""
    return {
        found["kind"]: found for file in files for found in yaml.safe_load_all((DEPLOY / file).read_text())
    }


def seconds(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(s|m)", text).groups()  # type: ignore[union-attr]
    return int(number) * {"s": 1, "m": 60}[unit]


@pytest.fixture
async def settings(postgres: Postgres, tmp_path: Path) -> dict[str, str]:
    write_bot(tmp_path / "bots", "default", SCRIPT)
    return {"TRUNKLINE_STORE": await postgres.new_database(), "TRUNKLINE_SECRET_KEY": KEY.hex()}


# --- Kubernetes ---


@pytest.mark.parametrize("version", ["1.30.0", "1.33.0"])
def test_kubernetes_knows_every_field(version: str) -> None:
    for file in MANIFESTS:
        lint(str(BIN / "kubernetes-validate"), "-k", version, "--strict", str(DEPLOY / file))


def test_what_belongs_together_is_found_by_its_labels_and_names() -> None:
    found = resources(*MANIFESTS)
    pods = found["Deployment"]["spec"]["template"]
    labels = pods["metadata"]["labels"].items()
    selectors = [
        found["Deployment"]["spec"]["selector"]["matchLabels"],
        found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        found["Service"]["spec"]["selector"],
    ]
    assert all(selector.items() <= labels for selector in selectors)
    assert not any(
        selector.items() <= found["Job"]["spec"]["template"]["metadata"]["labels"].items()
        for selector in selectors
    )
    target = found["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", found["Deployment"]["metadata"]["name"])
    assert "cpu" in pods["spec"]["containers"][0]["resources"]["requests"], "it is scaled by that"
    volumes = {volume["name"] for volume in pods["spec"]["volumes"]}
    assert {mount["name"] for mount in pods["spec"]["containers"][0]["volumeMounts"]} == volumes
    images = {
        found[kind]["spec"]["template"]["spec"]["containers"][0]["image"] for kind in ("Deployment", "Job")
    }
    assert len(images) == 1


async def test_a_pod_answers_its_probes_and_drains_in_time(settings: dict[str, str], tmp_path: Path) -> None:
    found = resources(*MANIFESTS)
    spec = found["Deployment"]["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    text = found["ConfigMap"]["data"]["plugins.yaml"]
    text = text.replace("/srv/trunkline/bots", "bots").replace("/var/lib/trunkline", "data")
    (tmp_path / "plugins.yaml").write_text(text)
    config = load(tmp_path / "plugins.yaml", environ=settings)
    assert config.warnings == ()
    assert (config.server.host, config.server.port) == ("0.0.0.0", ports["http"])
    annotations = found["Deployment"]["spec"]["template"]["metadata"]["annotations"]
    assert int(annotations["prometheus.io/port"]) == config.operator.port == ports["operator"]
    assert {item["name"] for item in container["env"]} == set(settings)

    command, *arguments = container["args"]
    assert (command, arguments[0]) == ("serve", "--config")
    assert (
        run(
            *found["Job"]["spec"]["template"]["spec"]["containers"][0]["args"], cwd=tmp_path, **settings
        ).returncode
        == 0
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        operator = free.getsockname()[1]
    changed = settings | {"TRUNKLINE_OPERATOR__PORT": str(operator)}
    with Server(tmp_path, "--config", str(tmp_path / "plugins.yaml"), **changed) as server:
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            assert server.request("GET", container[probe]["httpGet"]["path"])[0] == 200, probe
        assert server.say(server.open(), "hi") == ["said hi"]
        public, server.port = server.port, operator
        assert server.request("GET", annotations["prometheus.io/path"])[0] == 200
        server.port = public
        assert server.stop(signal.SIGTERM) == 0
    waits = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert spec["terminationGracePeriodSeconds"] > waits + DRAIN_SECONDS


# --- Compose ---


def compose() -> dict[str, Any]:
    text = (DEPLOY / "compose.yaml").read_text()

    def value(found: re.Match[str]) -> str:
        return COMPOSE.get(found[1]) or (found[2] or "").removeprefix(":-")

    return dict(yaml.safe_load(re.sub(r"\$\{(\w+)((?::-|:\?)[^}]*)?\}", value, text)))


def test_compose_knows_every_field() -> None:
    lint(
        str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml")
    )  # fmt: skip


async def test_a_composed_server_runs_with_its_workers(settings: dict[str, str], tmp_path: Path) -> None:
    service = compose()["services"]["trunkline"]
    variables = {name: str(value) for name, value in service["environment"].items()}
    config = load(environ=variables)
    assert config.warnings == ()
    (network,) = config.trusted_proxies
    assert str(network) == compose()["networks"]["default"]["ipam"]["config"][0]["subnet"]
    database = compose()["services"]["postgres"]["environment"]
    assert config.store == (
        f"postgresql://{database['POSTGRES_USER']}:{database['POSTGRES_PASSWORD']}@postgres:5432/{database['POSTGRES_DB']}"
    )
    _, *arguments = service["command"]
    with Server(tmp_path, *arguments, **variables | settings) as server:
        assert server.say(server.open(), "hi") == ["said hi"]
        check = service["healthcheck"]["test"]
        assert check[:2] == ["CMD", "python3"]
        lint(sys.executable, *(word.replace("8080", str(server.port)) for word in check[2:]))
        assert server.stop() == 0
    assert seconds(service["stop_grace_period"]) > DRAIN_SECONDS + DRAIN_MARGIN


# --- systemd ---


def unit() -> dict[str, str]:
    lines = (DEPLOY / "trunkline.service").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Za-z]+=", line))


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """On a machine on which Trunkline is where the unit says."""
    text = (
        (DEPLOY / "trunkline.service")
        .read_text()
        .replace("/opt/trunkline/bin/trunkline", str(BIN / "trunkline"))
    )
    (tmp_path / "trunkline.service").write_text(text)
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", str(tmp_path / "trunkline.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "trunkline" in line]
    assert (done.returncode, said) == (0, []), done.stderr


def test_the_unit_starts_a_server_that_stops_in_time_and_is_not_restarted_for_nothing(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "default", SCRIPT)
    shutil.copy(DEPLOY.parent / "plugins.yaml", tmp_path)
    found = unit()
    words = shlex.split(
        found["ExecStart"].replace("/etc/trunkline", str(tmp_path)).replace("/var/lib", str(tmp_path))
    )
    assert words[1] == "serve"
    with Server(tmp_path, *words[2:]) as server:
        assert server.say(server.open(), "hi") == ["said hi"]
        again = run(*words[1:], "--port", "0", cwd=tmp_path)
        assert str(again.returncode) in found["RestartPreventExitStatus"].split()
        assert server.stop() == 0
    assert int(found["TimeoutStopSec"]) > DRAIN_SECONDS + DRAIN_MARGIN
    assert found["KillMode"] == "mixed", "the workers are told by their supervisor"
