"""Writes arrays for axpy.c to the folder given: right ones and wrong ones.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
import pathlib
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
a = np.float32(2)
x = np.arange(6, dtype=np.float32).reshape(2, 3)
n = np.array([5, -7], np.int8)
y = a * x + 1
case = {"in/a": a, "in/x:0": x, "in/n": n, "out/y": y, "out/z": -n}
np.savez(folder / "good.npz", **case)
np.savez_compressed(folder / "deflated.npz", **case)
np.savez(folder / "wrong-y.npz", **{**case, "out/y": y + np.float32(0.5)})
np.savez(folder / "nan-y.npz", **{**case, "out/y": y * np.float32("nan")})
np.savez(folder / "shape.npz", **{**case, "in/x:0": x.T})
np.savez(folder / "type.npz", **{**case, "in/n": n.astype(np.int16)})
np.savez(folder / "unknown.npz", **{**case, "in/q": n})
np.savez(folder / "prefix.npz", **{**case, "x": n})
np.save(folder / "x.npy", np.asfortranarray(x))
np.save(folder / "a.npy", a)
np.save(folder / "n.npy", n)
np.save(folder / "y.npy", y)
np.save(folder / "complex.npy", x.astype(np.complex64))
np.save(folder / "big-endian.npy", x.astype(">f4"))
whole = (folder / "x.npy").read_bytes()
(folder / "cut.npy").write_bytes(whole[:-3])
(folder / "cut-header.npy").write_bytes(whole[:20])
(folder / "none.npy").write_bytes(b"hello")
(folder / "none.npz").write_bytes(b"hello")
deflated = bytearray((folder / "deflated.npz").read_bytes())
deflated[60:80] = b"\0" * 20
(folder / "damaged.npz").write_bytes(deflated)
