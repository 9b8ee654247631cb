//===- FunctionTables.h - polynomials of elementary functions -----*- C++ -*-===//
//
// Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Written by tools/dev/function-coefficients. Coefficients ascend; behind each
// table is the relative error of the function.

#ifndef LIB_EMIT_FUNCTIONTABLES_H
#define LIB_EMIT_FUNCTIONTABLES_H

namespace nncc::emit {

/// e^r = 1 + r + r^2 * P(r) for |r| <= ln(2) / 2
inline constexpr double expTable32[] = { // 2^-30.4
    0x1.0000000000000p-1,
    0x1.5555560000000p-3,
    0x1.5554ea0000000p-5,
    0x1.1110e00000000p-7,
    0x1.6d43160000000p-10,
    0x1.a124e40000000p-13};
inline constexpr double expTable64[] = { // 2^-61.4
    0x1.0000000000000p-1,
    0x1.5555555555557p-3,
    0x1.5555555555556p-5,
    0x1.11111111100dfp-7,
    0x1.6c16c16c162d6p-10,
    0x1.a01a01abe62ddp-13,
    0x1.a01a01a6d7808p-16,
    0x1.71de02375656cp-19,
    0x1.27e4db67b4303p-22,
    0x1.af4ddd84882fep-26,
    0x1.1f72fc730b4ffp-29};

/// 2 * atanh(s) = 2 * s + s * z * P(z) with z = s^2, for s = (m - 1) / (m + 1) and
/// m from sqrt(1/2) to sqrt(2)
inline constexpr double logTable32[] = { // 2^-31.6
    0x1.5555560000000p-1,
    0x1.9999ec0000000p-2,
    0x1.245c400000000p-2,
    0x1.ddcf660000000p-3};
inline constexpr double logTable64[] = { // 2^-60.7
    0x1.5555555555555p-1,
    0x1.9999999999a38p-2,
    0x1.2492492476c8bp-2,
    0x1.c71c720160332p-3,
    0x1.745cf90196560p-3,
    0x1.3b1c35fbecd93p-3,
    0x1.0fbe84f5caccap-3,
    0x1.0c044ccf380aap-3};

/// sin(r) = r + r * z * P(z) with z = r^2, for |r| <= pi / 4
inline constexpr double sinTable32[] = { // 2^-28.3
    -0x1.5555560000000p-3,
    0x1.11110e0000000p-7,
    -0x1.a013a80000000p-13,
    0x1.6dbe080000000p-19};
inline constexpr double sinTable64[] = { // 2^-57.3
    -0x1.5555555555555p-3,
    0x1.1111111111110p-7,
    -0x1.a01a01a019938p-13,
    0x1.71de3a546095bp-19,
    -0x1.ae645412c560cp-26,
    0x1.61217f0b800d5p-33,
    -0x1.ab17d404de5b3p-41};

/// cos(r) = 1 - z / 2 + z^2 * P(z) with z = r^2, for |r| <= pi / 4
inline constexpr double cosTable32[] = { // 2^-30.2
    0x1.5555540000000p-5,
    -0x1.6c12d20000000p-10,
    0x1.9bd89c0000000p-16};
inline constexpr double cosTable64[] = { // 2^-59.5
    0x1.5555555555555p-5,
    -0x1.6c16c16c16967p-10,
    0x1.a01a019f4eb01p-16,
    -0x1.27e4fa17da09ep-22,
    0x1.1eeb68e93b64cp-29,
    -0x1.907da367a37cbp-37};

/// asin(s) = s + s * z * P(z) with z = s^2, for s up to 1/2
inline constexpr double asinTable32[] = { // 2^-28.4
    0x1.5555540000000p-3,
    0x1.3334300000000p-4,
    0x1.6d5bba0000000p-5,
    0x1.fd8da20000000p-6,
    0x1.18f91e0000000p-6,
    0x1.13fed40000000p-5};
inline constexpr double asinTable64[] = { // 2^-57.4
    0x1.5555555555556p-3,
    0x1.3333333332ecap-4,
    0x1.6db6db6e31f13p-5,
    0x1.f1c71c1db0623p-6,
    0x1.6e8bb1c8209a2p-6,
    0x1.1c4d35cf95421p-6,
    0x1.c9cf07674736ap-7,
    0x1.782651caa6547p-7,
    0x1.52420b04b37bep-7,
    0x1.65a9c4dfcf8b2p-8,
    0x1.1d189408314eep-6,
    -0x1.e6aaa8a0a04ccp-7,
    0x1.d72b2bc8155f8p-6};

/// atan(t) = t + t * z * P(z) with z = t^2, for t up to tan(pi / 8)
inline constexpr double atanTable32[] = { // 2^-28.5
    -0x1.5555540000000p-2,
    0x1.9997300000000p-3,
    -0x1.2420320000000p-3,
    0x1.b80fea0000000p-4,
    -0x1.0844760000000p-4};
inline constexpr double atanTable64[] = { // 2^-57.0
    -0x1.5555555555555p-2,
    0x1.999999999934bp-3,
    -0x1.2492492436180p-3,
    0x1.c71c7185386f1p-4,
    -0x1.745d0b27da190p-4,
    0x1.3b1262f3a2b5bp-4,
    -0x1.10fa76aa9b02cp-4,
    0x1.dfe637a48099bp-5,
    -0x1.a0993ef875d4ap-5,
    0x1.4161b24be475bp-5,
    -0x1.3a2f1cc1ba3c5p-6};

/// erf(x) = x + x * P(x^2) for x up to 1
inline constexpr double erfTable32[] = { // 2^-27.2
    0x1.06eba80000000p-3,
    -0x1.81273e0000000p-2,
    0x1.ce2d100000000p-4,
    -0x1.b7faba0000000p-6,
    0x1.5412700000000p-8,
    -0x1.a450880000000p-11,
    0x1.4a56900000000p-14};
inline constexpr double erfTable64[] = { // 2^-55.5
    0x1.06eba8214db69p-3,
    -0x1.812746b0379e6p-2,
    0x1.ce2f21a042b30p-4,
    -0x1.b82ce31284e00p-6,
    0x1.565bcd0dbaa38p-8,
    -0x1.c02db3dac435fp-11,
    0x1.f9a321d5b8e1ep-14,
    -0x1.f4d1e3183f7aep-17,
    0x1.b9df224ca4b97p-20,
    -0x1.5f1ecb6f0764cp-23,
    0x1.f7b4bf3b13964p-27,
    -0x1.389d4f2641625p-30,
    0x1.05ffd737fb32ep-34};

/// erf(x) = 1 - e^-P(x - 2.5) for x from 1 to 4
inline constexpr double erfcTable32[] = { // 2^-26.2
    0x1.f3a2dc0000000p+2,
    0x1.5692520000000p+2,
    0x1.e3460a0000000p-1,
    0x1.63d00c0000000p-7,
    -0x1.1bcf880000000p-9,
    0x1.b887c80000000p-12,
    -0x1.442efc0000000p-14,
    0x1.bec71a0000000p-17,
    -0x1.b778300000000p-20};

/// erf(x) = 1 - e^-P(x - 1.5) for x from 1 to 2
inline constexpr double erfcNearTable64[] = { // 2^-58.6
    0x1.b137096b18e96p+1,
    0x1.c1206279e92bdp+1,
    0x1.c90827462a177p-1,
    0x1.a71a4bde00d86p-6,
    -0x1.89a87b48fe137p-8,
    0x1.499262376bd0ap-10,
    -0x1.c4e86aa330270p-13,
    0x1.790bc08174bfbp-16,
    0x1.6340984b3c6c4p-19,
    -0x1.3e3545f3a4f23p-19,
    0x1.b790edb8f9e04p-21,
    -0x1.9d9daedabe78cp-23,
    0x1.def92cabe1cdep-26,
    0x1.24a3f86ed993bp-30,
    -0x1.4ad974a89144fp-29,
    0x1.18e64ad732ac9p-30,
    -0x1.1bcbef4774223p-32};

/// erf(x) = 1 - e^-P(x - 4.0) for x from 2 to 6
inline constexpr double erfcFarTable64[] = { // 2^-57.4
    0x1.1fcdf0a1a2e35p+4,
    0x1.07906645f5acfp+3,
    0x1.f26754402b24ep-1,
    0x1.f12cc36f6e2b4p-9,
    -0x1.3136a8ae5c1c8p-11,
    0x1.7dc9f03ee844ap-14,
    -0x1.da6b95452b51dp-17,
    0x1.2013a05418fe6p-19,
    -0x1.5102cb4914c11p-22,
    0x1.75309cd209b35p-25,
    -0x1.7c501953f5356p-28,
    0x1.50058eef76318p-31,
    -0x1.a8f60f9d06ef9p-35,
    -0x1.541bdc424cd06p-41,
    0x1.8a2ebf91fdf57p-40,
    -0x1.cbe034f3c4970p-42,
    0x1.895c3ceb71426p-44,
    -0x1.247702aeb0e91p-46,
    0x1.9a8202d27f334p-49,
    -0x1.e46b2c0c512d9p-52,
    0x1.3488f0ef1b957p-55};

} // namespace nncc::emit

#endif // LIB_EMIT_FUNCTIONTABLES_H
