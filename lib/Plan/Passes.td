#ifndef LIB_PLAN_PASSES
#define LIB_PLAN_PASSES

include "mlir/Pass/PassBase.td"

def PlanFormGroups : Pass<"plan-form-groups", "::mlir::func::FuncOp"> {
  let summary = "Collect operations that become one kernel";
  let description = [{
    Every operation that computes starts a group, and an elementwise operation
    joins the group of its latest operand if it is that value's only user and
    has its shape; the groups of its other operands join as well as long as there
    is one operation at most that is not elementwise. A gather that only an
    elementwise operation reads becomes part of it. Splat constants move into the region. Reshapes, transposes
    and constants stay outside: they are matters of layout. All layouts are the
    identity after this pass. Example: test/lib/Plan/form-groups.mlir.
  }];
  let dependentDialects = ["::nncc::nnc::NncDialect"];
}

def PlanNormalizePooling : Pass<"plan-normalize-pooling", "::mlir::func::FuncOp"> {
  let summary = "Give every averaging window the same divisor";
  let description = [{
    An average over partial windows becomes an average over full windows of the
    zero-padded input, times the ratio of window to counted positions, which is
    a constant per output position. Example: test/lib/Plan/normalize-pooling.mlir.
  }];
  let dependentDialects = ["::nncc::nnc::NncDialect"];
}

def PlanAssignLayouts : Pass<"plan-assign-layouts", "::mlir::func::FuncOp"> {
  let summary = "Choose the physical layout of every value";
  let description = [{
    Activations of convolutions and pooling become channel-blocked (or N H W C)
    with a halo for the padding of their consumers, everything else stays
    row-major. Transposes disappear into layouts, pads into halos, reshapes
    become views. Where a consumer needs another layout than the producer wrote,
    a group without operations (a relayout) is inserted. Example:
    test/lib/Plan/assign-layouts.mlir.
  }];
  let dependentDialects = ["::nncc::nnc::NncDialect"];
}

def PlanPackConstants : Pass<"plan-pack-constants", "::mlir::func::FuncOp"> {
  let summary = "Write constants in the order their kernels stream them";
  let description = [{
    A relayout of a constant becomes a constant in the physical layout; what the
    layout leaves open is filled with its pad value. A constant that is an output of
    the network stays a copy. Example: test/lib/Plan/pack-constants.mlir.
  }];
  let dependentDialects = ["::nncc::nnc::NncDialect"];
}

def PlanChooseSchedules : Pass<"plan-choose-schedules", "::mlir::func::FuncOp"> {
  let summary = "Choose each group's register tile by the cost model";
  let description = [{
    Enumerates the register tiles that fit the target's registers and takes the
    one whose tiles, partial ones included, cost the fewest cycles by load and
    multiply-add throughput and latency. Example:
    test/lib/Plan/choose-schedules.mlir.
  }];
  let dependentDialects = ["::nncc::nnc::NncDialect"];
}

#endif
