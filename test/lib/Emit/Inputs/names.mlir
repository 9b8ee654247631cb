// Tensors whose names need mapping, of every type that C has.
module attributes {nnc.model = "names", nnc.target = {name = "TARGET"}, nnc.state_bytes = 24 : i64} {
  func.func @main(%a: memref<2x3xf32> {nnc.name = "input:0"}, %b: memref<4xui8> {nnc.name = "/conv//1/"},
                  %c: memref<i1> {nnc.name = "for"}, %d: memref<1xf16> {nnc.name = "3d"},
                  %e: memref<1xi64> {nnc.name = "X"}, %f: memref<1xi8> {nnc.name = "x"},
                  %g: memref<1xbf16> {nnc.name = "arena"}, %h: memref<1xf64> {nnc.name = "\"*/\\??/"},
                  %i: memref<1xui32> {nnc.name = "\C3\A9t\C3\A9"},
                  %y: memref<1xi32> {nnc.name = "x", nnc.output}, %z: memref<1xi16> {nnc.name = "?", nnc.output}) {
    return
  }
}
