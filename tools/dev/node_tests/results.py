"""The list of outcomes in the repository, and what it says.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import collections
import re

from .outcomes import GOOD, MARKS

SCOPES = {"usual": "in scope, usual types", "narrow": "in scope, narrow types",
          "in": "in scope", "out": "out of scope", "all": "all"}
# What a refusal complains about: node 'x' (Op): ... or operator 'Op' ...
OPERATOR = re.compile(r"\((\w[\w.]*)\)|operator '([\w.]+)'")


def members(scopes):
    """Names of the cases of each line of the summary."""
    groups = {key: [name for name, scope in scopes.items() if scope == key]
              for key in ("usual", "narrow", "out")}
    groups["in"] = groups["usual"] + groups["narrow"]
    groups["all"] = list(scopes)
    return {key: groups[key] for key in SCOPES}


def summary(outcomes, scopes):
    """Lines of a table: per scope the count of every mark."""
    lines = ["".join([f"{'scope':24}{'cases':>7}"] + [f"{mark:>9}" for mark in MARKS] +
                     [f"{'as given':>11}{'with help':>11}"])]
    for key, names in members(scopes).items():
        names = [name for name in names if name in outcomes]
        marks = collections.Counter(outcomes[name][0] for name in names)
        count = max(len(names), 1)
        good = sum(marks[mark] for mark in GOOD)
        lines.append("".join([f"{SCOPES[key]:24}{len(names):7}"] +
                             [f"{marks[mark]:9}" for mark in MARKS] +
                             [f"{100 * marks['pass'] / count:9.1f} %{100 * good / count:9.1f} %"]))
    return lines


def write(path, outcomes, scopes, about):
    lines = ["# " + line if line else "#" for line in about.strip().splitlines()]
    lines += ["#"] + ["# " + line for line in summary(outcomes, scopes)] + ["#"]
    lines.append("# mark    scope  case: reason")
    for name in sorted(outcomes):
        mark, reason = outcomes[name]
        lines.append(f"{mark:8} {scopes[name]:6} {name}" + (f": {reason}" if reason else ""))
    path.write_text("".join(line.rstrip() + "\n" for line in lines), encoding="utf-8")


def read(path):
    """The marks in a list by name."""
    marks = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            mark, _, name = line.split(":")[0].split()
            marks[name] = mark
    return marks


def regressions(outcomes, before):
    """What may not happen: a case that is worse than its list; one that the list knows as
    wrong may stay so until it is mended."""
    rank = {mark: index for index, mark in enumerate(MARKS)}
    for name in sorted(outcomes):
        mark, reason = outcomes[name]
        old = before.get(name, "refused")
        if mark != old and (mark in ("wrong", "crash") or rank[mark] > rank[old]):
            yield f"{name}: was {old}, is {mark}" + (f": {reason}" if reason else "")


def missing(outcomes, scopes):
    """Refused cases in scope by operator, the most frequent first, with their reasons."""
    groups = collections.defaultdict(collections.Counter)
    for name, (mark, reason) in outcomes.items():
        if mark == "refused" and scopes[name] != "out":
            match = OPERATOR.search(reason)
            operator = (match[1] or match[2]) if match else "(model)"
            # Alike are reasons that differ in names and numbers of nodes only.
            reason = re.sub(r"^node \S+ \(\w+\): |'[^']*'(?= is none|:| \(Const)", "", reason)
            groups[operator][reason.replace(f"operator '{operator}' is", "is")] += 1
    for operator, reasons in sorted(groups.items(), key=lambda item: (-item[1].total(), item[0])):
        most = "; ".join(f"{reason} ({count})" for reason, count in reasons.most_common(3))
        more = f"; {len(reasons) - 3} more reasons" if len(reasons) > 3 else ""
        yield f"{reasons.total():5} {operator}: {most}{more}"
