"""Runs each case in a worker process: a crash or a hang ends its case only.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import tempfile
import time

LIMIT_BYTES = 8 << 30


class Worker:
    """A process that answers names of cases with their outcomes."""

    def __init__(self, run):
        self.log = tempfile.TemporaryFile()
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=serve, args=(run, other, self.log.fileno()))
        self.process.start()
        other.close()
        self.case, self.deadline = None, 0

    def start(self, case, seconds):
        self.case, self.deadline = case, time.monotonic() + seconds
        self.log.truncate(0)
        self.pipe.send(case)

    def outcome(self):
        """The answer that is ready, or what ended the process."""
        try:
            return self.pipe.recv()
        except EOFError:
            self.process.join()
            return "crash", self.cause()

    def cause(self):
        code = self.process.exitcode
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        self.log.seek(0)
        said = self.log.read().decode(errors="replace").strip().splitlines()
        return name + (f": {said[0][:160]}" if said else "")

    def kill(self):
        self.process.kill()
        self.process.join()
        self.pipe.close()
        self.log.close()


# Forked workers have the cases, which take seconds to make, already.
context = multiprocessing.get_context("fork")


def serve(run, pipe, log):
    """What a worker does until its pipe closes."""
    os.dup2(log, 1)
    os.dup2(log, 2)
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        while True:
            pipe.send(run(pipe.recv()))
    except (EOFError, KeyboardInterrupt):
        os._exit(0)


def run_all(names, run, jobs, seconds, progress):
    """The outcome `run` gives for every name, in `jobs` processes; a case that
    takes longer than `seconds` is a crash, too."""
    outcomes, waiting, workers = {}, list(reversed(names)), []
    try:
        while len(outcomes) < len(names):
            while waiting and len(workers) < jobs:
                workers.append(Worker(run))
            for worker in workers:
                if worker.case is None and waiting:
                    worker.start(waiting.pop(), seconds)
            busy = [worker for worker in workers if worker.case]
            ready = multiprocessing.connection.wait([worker.pipe for worker in busy], timeout=1)
            for worker in busy:
                late = time.monotonic() > worker.deadline
                if worker.pipe not in ready and not late:
                    continue
                outcome = worker.outcome() if worker.pipe in ready else (
                    "crash", f"no answer within {seconds} s")
                outcomes[worker.case], worker.case = outcome, None
                progress(len(outcomes), len(names))
                if outcome[0] == "crash":
                    worker.kill()
                    workers.remove(worker)
    finally:
        for worker in workers:
            worker.kill()
    return outcomes
