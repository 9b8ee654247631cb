"""When an output is right, as nncc-run decides it.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import numpy as np

#: Largest error, relative to the largest value, by type; integers are right or not.
RATIOS = {"float16": 2**-10, "float32": 1e-4, "float64": 1e-12}


def wrong_output(outputs, expected):
    """A line about the first output that is wrong, or None."""
    for name, reference in expected.items():
        got = outputs[name]
        if got.dtype != reference.dtype or got.shape != reference.shape:
            return f"{name} is {got.dtype}{list(got.shape)}, expected {reference.dtype}{list(reference.shape)}"
        if got.dtype.kind != "f":
            if not np.array_equal(got, reference):
                return f"{name}: {np.count_nonzero(got != reference)} of {got.size} elements differ"
            continue
        with np.errstate(invalid="ignore"):
            error = np.atleast_1d(np.abs(got.astype(np.float64) - reference.astype(np.float64)))
        error[np.atleast_1d((got == reference) | (np.isnan(got) & np.isnan(reference)))] = 0
        finite = np.abs(reference[np.isfinite(reference)].astype(np.float64))
        largest = finite.max(initial=0)
        if not (np.isfinite(error) & (error <= RATIOS[got.dtype.name] * largest)).all():
            return f"{name}: max |error| {error.max():.3g}, max |reference| {largest:.3g}"
    return None
