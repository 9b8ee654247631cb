"""Networks on images, volumes and point clouds.

Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import torch
from torch import nn
from torch.nn import functional as F

from exports import architecture


def image(size, channels=3):
    return (torch.randn(1, channels, size, size),)


def conv_norm(inputs, outputs, kernel=3, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.SiLU(),
    )


class InvertedResidual(nn.Module):
    """The block of MobileNetV3 and EfficientNet, with squeeze and excitation."""

    def __init__(self, channels, width):
        super().__init__()
        self.expand = conv_norm(channels, width, 1)
        self.depthwise = conv_norm(width, width, 5, groups=width)
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(width, width // 4, 1),
            nn.ReLU(),
            nn.Conv2d(width // 4, width, 1),
            nn.Hardsigmoid(),
        )
        self.project = nn.Sequential(
            nn.Conv2d(width, channels, 1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, x):
        y = self.depthwise(self.expand(x))
        return x + self.project(y * self.gate(y))


@architecture
def mobile_blocks():
    return nn.Sequential(
        conv_norm(3, 16, stride=2),
        InvertedResidual(16, 48),
        nn.Hardswish(),
        InvertedResidual(16, 32),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(16, 10),
    ), image(48)


class WindowAttention(nn.Module):
    """Swin's attention in windows that are shifted, with a bias by relative position."""

    def __init__(self, width, heads, window, shift):
        super().__init__()
        self.heads, self.window, self.shift = heads, window, shift
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.table = nn.Parameter(torch.randn((2 * window - 1) ** 2, heads))
        places = torch.stack(
            torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij")
        ).flatten(1)
        apart = places[:, :, None] - places[:, None] + window - 1
        self.register_buffer("index", apart[0] * (2 * window - 1) + apart[1])

    def forward(self, x):
        b, h, w, c = x.shape
        m = self.window
        x = torch.roll(x, (-self.shift, -self.shift), (1, 2))
        x = x.view(b, h // m, m, w // m, m, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, m * m, c)
        q, k, v = (
            self.qkv(x)
            .view(-1, m * m, 3, self.heads, c // self.heads)
            .permute(2, 0, 3, 1, 4)
            .unbind(0)
        )
        bias = self.table[self.index.view(-1)].view(m * m, m * m, -1).permute(2, 0, 1)
        weights = (q @ k.transpose(-2, -1) * (c // self.heads) ** -0.5 + bias).softmax(-1)
        x = self.out((weights @ v).transpose(1, 2).reshape(-1, m * m, c))
        x = x.view(b, h // m, w // m, m, m, c).permute(0, 1, 3, 2, 4, 5).reshape(b, h, w, c)
        return torch.roll(x, (self.shift, self.shift), (1, 2))


@architecture
def shifted_windows():
    return nn.Sequential(
        WindowAttention(16, 2, 4, 0), nn.LayerNorm(16), WindowAttention(16, 2, 4, 2)
    ), (torch.randn(1, 8, 8, 16),)


class UNet(nn.Module):
    """An encoder and a decoder with a skip connection, in two or three dimensions."""

    def __init__(self, conv, pool, mode):
        super().__init__()
        self.pool, self.mode = pool, mode
        block = lambda i, o: nn.Sequential(
            conv(i, o, 3, padding=1), nn.GroupNorm(4, o), nn.LeakyReLU(0.01)
        )
        self.down, self.bottom, self.up = block(2, 8), block(8, 16), block(24, 8)
        self.out = conv(8, 3, 1)

    def forward(self, x):
        skip = self.down(x)
        y = self.bottom(self.pool(skip, 2))
        y = F.interpolate(y, size=skip.shape[2:], mode=self.mode, align_corners=True)
        return self.out(self.up(torch.cat([y, skip], 1))).softmax(1)


@architecture
def u_net():
    return UNet(nn.Conv2d, F.max_pool2d, "bilinear"), image(50, 2)


@architecture
def u_net_3d():
    return UNet(nn.Conv3d, F.max_pool3d, "trilinear"), (torch.randn(1, 2, 12, 12, 12),)


@architecture
def super_resolution():
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2),
        nn.Tanh(),
        nn.Conv2d(32, 9, 3, padding=1),
        nn.PixelShuffle(3),
    ), image(32, 1)


@architecture
def style_transfer():
    return nn.Sequential(
        nn.ReflectionPad2d(4),
        nn.Conv2d(3, 8, 9),
        nn.InstanceNorm2d(8, affine=True),
        nn.ReLU(),
        nn.ReflectionPad2d(1),
        nn.Conv2d(8, 16, 3, 2),
        nn.InstanceNorm2d(16, affine=True),
        nn.ReLU(),
        nn.Upsample(scale_factor=2),
        nn.ReflectionPad2d(4),
        nn.Conv2d(16, 3, 9),
    ), image(48)


class Detector(nn.Module):
    """YOLO's heads on two scales, with boxes decoded on a grid."""

    def __init__(self):
        super().__init__()
        self.stem, self.deep = conv_norm(3, 16, stride=2), conv_norm(16, 32, stride=2)
        self.heads = nn.ModuleList([nn.Conv2d(16, 3 * 7, 1), nn.Conv2d(32, 3 * 7, 1)])
        self.anchors = torch.rand(2, 3, 2) * 10

    def forward(self, x):
        fine = self.stem(x)
        boxes = []
        for i, (features, head) in enumerate(zip((fine, self.deep(fine)), self.heads)):
            y = head(features)
            b, _, rows, columns = y.shape
            y = y.view(b, 3, 7, rows, columns).permute(0, 1, 3, 4, 2).sigmoid()
            down, right = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
            center = (y[..., :2] * 2 - 0.5 + torch.stack((right, down), 2)) * 2 ** (i + 1)
            size = (y[..., 2:4] * 2) ** 2 * self.anchors[i].view(1, 3, 1, 1, 2)
            boxes.append(torch.cat((center, size, y[..., 4:]), 4).view(b, -1, 7))
        return torch.cat(boxes, 1)


@architecture
def detector_with_anchors():
    return Detector(), image(48)


class Peaks(nn.Module):
    """CenterNet: the strongest local maxima of a heat map and what is predicted there."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            conv_norm(3, 8, stride=2),
            conv_norm(8, 16, stride=2),
            nn.ConvTranspose2d(16, 16, 4, 2, 1),
        )
        self.heat, self.size = nn.Conv2d(16, 3, 1), nn.Conv2d(16, 2, 1)

    def forward(self, x):
        y = self.body(x)
        heat = self.heat(y).sigmoid()
        heat = heat * (F.max_pool2d(heat, 3, 1, 1) == heat).float()
        scores, index = heat.flatten(1).topk(10)
        place = index % (heat.shape[2] * heat.shape[3])
        sizes = (
            self.size(y).flatten(2).transpose(1, 2).gather(1, place.unsqueeze(-1).expand(-1, -1, 2))
        )
        return scores, place, sizes


@architecture
def detector_of_peaks():
    return Peaks(), image(48)


class PointCloud(nn.Module):
    """PointNet: points are transformed by a matrix that is computed from them."""

    def __init__(self):
        super().__init__()
        self.align = nn.Sequential(nn.Conv1d(3, 16, 1), nn.BatchNorm1d(16), nn.ReLU())
        self.matrix, self.features, self.out = (
            nn.Linear(16, 9),
            nn.Conv1d(3, 32, 1),
            nn.Linear(32, 10),
        )

    def forward(self, x):
        matrix = self.matrix(self.align(x).max(2)[0]).view(-1, 3, 3) + torch.eye(3)
        x = torch.bmm(x.transpose(2, 1), matrix).transpose(2, 1)
        return F.log_softmax(self.out(self.features(x).relu().max(2)[0]), 1)


@architecture
def point_cloud():
    return PointCloud(), (torch.randn(1, 3, 100),)


@architecture
def generator():
    return nn.Sequential(
        nn.ConvTranspose2d(32, 32, 4, bias=False),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.ConvTranspose2d(32, 16, 4, 2, 1),
        nn.PReLU(16),
        nn.ConvTranspose2d(16, 3, 3, 2, 1, output_padding=1),
        nn.Tanh(),
    ), image(1, 32)
