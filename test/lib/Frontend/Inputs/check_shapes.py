"""check_shapes.py nncc-translate FOLDER NAME...: each network's imported signature is that of the recorded arrays."""
import ast
import re
import subprocess
import sys
import zipfile


def recorded_shapes(path):
    """{"in/x": [1, 3], ...} from the headers of the arrays in an .npz file."""
    shapes = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as array:
                start = array.read(12)
                length = int.from_bytes(start[8:10], "little") - (0 if start[6] == 1 else 2)
                header = start[10:] + array.read(length) if start[6] == 1 else array.read(length + 2)
                shape = re.search(rb"'shape': (\([^)]*\))", header)[1]
                shapes[name.removesuffix(".npy")] = list(ast.literal_eval(shape.decode()))
    return shapes


def imported_shapes(text):
    signature = re.search(r"func\.func @main\((.*?)\) -> (.*) \{$", text, re.M)
    shapes = {}
    for kind, part in zip(("in/", "out/"), signature.groups()):
        for dims, name in re.findall(r'tensor<((?:\d+x)*)f32> \{nnc\.name = "([^"]*)"\}', part):
            shapes[kind + name] = [int(dim) for dim in dims.split("x") if dim]
    return shapes


tool, folder, *names = sys.argv[1:]
for name in names:
    command = [tool, "--import-onnx", f"{folder}/{name}.onnx", "--mlir-elide-resource-strings-if-larger=8"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    imported, recorded = imported_shapes(text), recorded_shapes(f"{folder}/expected/{name}.npz")
    print(name, imported)
    if imported != recorded:
        sys.exit(f"{name}: imported {imported}, recorded {recorded}")
