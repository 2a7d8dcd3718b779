"""Asks a started server in damaged ways: none is answered as its own fault.

python -m tests.trials.fuzz [--count=5000 --seed=0]

Good requests of REST and gRPC with bytes lost, values replaced, headers and
paths broken. The exit code is 1 if one is answered with a 5xx, INTERNAL,
UNKNOWN or a traceback, or not within 10 s, or if a good one is not answered
the same at the end. `fuzz_test.py` is a short form.
"""

import argparse
import collections
import http.client
import pathlib
import random
import socket
import sys
import tempfile
import time

import grpc

from tests.helpers import serving
from tests.trials import fuzz_questions, load

_LIMIT_SECONDS = 10
_LARGEST_MEGABYTES = 300  # more than the server had, at most
_OURS = ("INTERNAL", "UNKNOWN", "UNAVAILABLE", "DEADLINE_EXCEEDED", "DATA_LOSS")


def campaign(server, *, count, seed):
    """Counter of answers, and faults as text.

    Args:
        server: A `serving.Server`.
        count: How many questions.
        seed: Of the damage.
    """
    draw, faults = random.Random(seed), []
    answers = collections.Counter()
    questions = fuzz_questions.good(server.model)
    with grpc.insecure_channel(server.grpc) as channel:
        before = _good_answers(server, channel, questions)
        good = {200, "OK", "UNIMPLEMENTED"}
        for question, status in zip(questions, before, strict=True):
            if status not in good:
                faults.append(f"good, and answered {status}: {question}")
        megabytes = _peak_megabytes(server)
        for number in range(count):
            question = draw.choice(questions)
            made = fuzz_questions.damaged(question, draw)
            start = time.monotonic()
            status, text = asked(server, channel, made)
            seconds = time.monotonic() - start
            answers[_name(made, status)] += 1
            if fault := _fault(made, status, text, seconds):
                faults.append(f"{number}: {fault}: {text[:300]!r}\n    {made}")
            if server.process.poll() is not None:
                faults.append(f"{number}: the server ended\n    {made}")
                return answers, faults
        if _good_answers(server, channel, questions) != before:
            faults.append("good requests are answered otherwise in the end")
        if (more := _peak_megabytes(server) - megabytes) > _LARGEST_MEGABYTES:
            faults.append(f"the server took {more:.0f} MB more")
    return answers, faults


def asked(server, channel, question):
    """Pair of the status, a number or a name, and text of the answer."""
    if question.message is None:
        return _http(server, question)
    call = channel.unary_unary(question.path)
    try:
        return "OK", call(question.body, timeout=_LIMIT_SECONDS)
    except grpc.RpcError as error:
        return error.code().name, error.details()


def _http(server, question):
    """As `asked`; the status is 0 if the connection was closed before it."""
    host, port = server.http.rsplit(":", 1)
    headers = [("Host", host), ("Connection", "close"), *question.headers]
    given = {name for name, _ in question.headers}
    if question.body and not given & {"Content-Length", "Transfer-Encoding"}:
        headers.append(("Content-Length", str(len(question.body))))
    head = f"{question.method} {question.path} HTTP/1.1\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers
    )
    sent = head.encode("utf-8", "surrogateescape") + b"\r\n" + question.body
    address = host, int(port)
    with socket.create_connection(address, _LIMIT_SECONDS) as connection:
        try:
            connection.sendall(sent)
            if not question.is_framed:  # else the server waits for the rest
                connection.shutdown(socket.SHUT_WR)
            answer = http.client.HTTPResponse(
                connection, method=question.method
            )
            answer.begin()
            return answer.status, answer.read()
        except TimeoutError:
            return "TIMEOUT", ""
        except (http.client.HTTPException, OSError) as error:
            return 0, repr(error)


def _fault(question, status, text, seconds):
    """What is wrong with an answer, None if nothing is."""
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    if seconds >= _LIMIT_SECONDS:
        return f"no answer in {seconds:.0f} s"
    if "Traceback" in text or ".py" in text:
        return "it shows our code"
    if question.message:
        if status in _OURS:
            return status
        return None if status == "OK" or text else f"{status} without a word"
    if status == 0:
        return "closed without a word" if question.is_framed else None
    if status >= 500:
        return f"status {status}"
    if status >= 400 and question.method != "HEAD" and not text.strip():
        return f"status {status} without a word"
    return None


def _peak_megabytes(server):
    """The most that the server's process has had; 0 where Linux is not."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status")
    if not status.exists():
        return 0
    fields = dict(x.split(":", 1) for x in status.read_text().splitlines())
    return int(fields["VmHWM"].split()[0]) / 1000


def _name(question, status):
    if question.message:
        return f"gRPC {status}"
    return f"HTTP {status or 'closed'}"


def _good_answers(server, channel, questions):
    """Statuses of all good questions."""
    return [asked(server, channel, question)[0] for question in questions]


def main(arguments=None):
    """Runs a campaign; 1 if there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        model = load.exported(pathlib.Path(folder))
        with serving.started(model) as server:
            start = time.monotonic()
            answers, faults = campaign(
                server, count=options.count, seed=options.seed
            )
            seconds = time.monotonic() - start
    for name, count in answers.most_common():
        print(f"{count:6} {name}")
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{sum(answers.values())} in {seconds:.0f} s, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
