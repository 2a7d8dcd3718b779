"""The fields of a config: their types with bounds, meanings and units."""

import dataclasses
import math
from typing import Annotated, Literal

from stylegan_tf.config import bounds, tables

PROGRESSIVE = ("progan", "stylegan", "revised")
ARCHITECTURES = ("orig", "skip", "resnet", "msg", *PROGRESSIVE)

# Types with what a value must be, in words and as a test; see `bounds`.
Number = Annotated[float, "a number that is finite", math.isfinite]
Amount = Annotated[float, "a number from 0", lambda n: n >= 0]
Positive = Annotated[float, "a number above 0", lambda n: n > 0]
Share = Annotated[float, "a number from 0 to 1", lambda n: 0 <= n <= 1]
Decay = Annotated[float, "a number from 0 to below 1", lambda n: 0 <= n < 1]
Total = Annotated[  # a snapshot is named by ten digits of images
    float, "a number above 0 to 9,000,000", lambda n: 0 < n <= 9e6
]
Count = Annotated[int, "a whole number from 1", lambda n: n >= 1]
Whole = Annotated[int, "a whole number from 0", lambda n: n >= 0]
Channels = Annotated[int, "a whole number from 1 to 4", lambda n: 1 <= n <= 4]
Seed = Annotated[  # as of NumPy
    int, "a whole number from 0 to 4,294,967,295", lambda n: 0 <= n < 2**32
]
Pair = Annotated[
    tuple[int, int], "2 whole numbers from 1", lambda pair: min(pair) >= 1
]
Taps = Annotated[tuple[int, ...], "whole numbers whose sum is not 0", sum]
TapsOrNone = Annotated[
    tuple[int, ...],
    "whole numbers whose sum is not 0, or ()",
    lambda taps: sum(taps) or not taps,
]
Names = Annotated[tuple[str, ...], "texts", lambda names: True]
Maps = bounds.table_of(Count)
Counts = bounds.table_of(Count, by_replicas=True)
Wholes = bounds.table_of(Whole, by_replicas=True)
Amounts = bounds.table_of(Amount, by_replicas=True)
Positives = bounds.table_of(Positive, by_replicas=True)
Switch = Literal["auto", "on", "off"]
Architecture = Literal[ARCHITECTURES]
Activation = Literal["linear", "relu", "lrelu"]
LabelsOfG = Literal["embed", "concat", "raw"]
LabelsOfD = Literal["projection", "select", "classify"]
FakeLabels = Literal["random", "real"]
LabelKind = Literal["classes", "vectors"]
Adversarial = Literal[
    "logistic", "logistic_saturating", "hinge", "wgan", "relativistic"
]
Precision = Literal["auto", "float32", "tf32", "bfloat16", "float16"]
Augmentation = Literal["off", "fixed", "adaptive"]
Heuristic = Literal["sign", "validation"]
PRESETS = (
    *("blit", "geom", "color", "filter", "noise", "cutout"),
    *("bg", "bgc", "bgcf", "bgcfn", "bgcfnc"),
)
Preset = Literal[PRESETS]
Rules = Literal["none", "ada", "small"]


@dataclasses.dataclass
class DataConfig:
    path: str = "bundled"  # folder, zip or TFRecord directory
    mirror: bool = False  # flip half of the images left to right
    use_labels: bool = False  # condition both networks on the labels
    attributes: str = ""  # label by these of dataset.json, "glasses,smile"
    holdout: Decay = 0.0  # share of the images that is never shown to train

    @property
    def uses_labels(self):
        """Whether the networks are conditioned: attributes are labels too."""
        return self.use_labels or bool(self.attributes)


@dataclasses.dataclass
class GeneratorConfig:
    architecture: Architecture = "skip"  # orig, skip, resnet, msg; see below
    z_size: Count = 512  # width of the latent z
    w_size: Count = 512  # width of the intermediate latent w
    mapping_layers: Whole = 8  # 0: w is the normalised z
    mapping_width: Whole = 0  # hidden width of the mapping; 0 = w_size
    mapping_lr_multiplier: Positive = 0.01  # learns this much slower
    label_width: Whole = 0  # width of the label embedding; 0 = w_size
    label_mode: LabelsOfG = "embed"  # embed (ADA), concat (StyleGAN 1, 2), raw
    channel_base: Count = 32768  # maps at resolution r: channel_base // r
    channel_max: Count = 512  # ... and never more than this
    channel_table: Maps = ""  # maps where they differ from it, "4:16 8:12"
    use_noise: bool = True  # noise inputs
    activation: Activation = "lrelu"  # lrelu or relu
    resample_filter: Taps = (1, 3, 3, 1)  # taps of the FIR
    conv_clamp: Amount = 0.0  # clamp activations to +-this; 0 = no clamp
    w_avg_decay: Share = 0.995  # of the running mean of w
    normalize_latents: bool = True  # pixel norm of z
    # Progressive architectures: progan, stylegan, revised (StyleGAN2 B-D).
    # What follows is for stylegan; progan has its own values of all but
    # pixel_norm and use_wscale.
    use_styles: bool = True  # AdaIN after every layer; False: traditional
    const_input: bool = True  # learned constant; False: dense of w
    pixel_norm: Switch = "auto"  # after every layer: on, off, auto (no styles)
    instance_norm: Switch = "auto"  # before styles: on, off, auto (styles)
    use_wscale: bool = True  # equalized learning rate
    blur_filter: TapsOrNone = (1, 2, 1)  # after upscaling; () = none
    fused_scale: Switch = "auto"  # on, off, auto (from 128 pixels)


@dataclasses.dataclass
class DiscriminatorConfig:
    architecture: Architecture = "resnet"  # orig, skip, resnet, msg; progan...
    channel_base: Count = 32768  # maps at resolution r: channel_base // r
    channel_max: Count = 512  # ... and never more than this
    channel_table: Maps = ""  # maps where they differ from it, "4:16 8:12"
    minibatch_group_size: Whole = 4  # minibatch stddev group; 0 = whole batch
    minibatch_channels: Whole = 1  # minibatch stddev maps; 0 = no such layer
    # projection (ADA), select (StyleGAN), classify (ProGAN); progressive
    # architectures have their own, whatever is said here
    label_mode: LabelsOfD = "projection"
    label_logits: bool = False  # tells labels too, as AC-GAN; acgan_weight
    label_width: Whole = 0  # width of the label projection; 0 = maps at 4x4
    mapping_layers: Whole = 8  # of the label; ADA-PyTorch 8, ADA-TF 0
    mapping_lr_multiplier: Positive = 0.01  # ADA-PyTorch 0.01, ADA-TF 0.1
    activation: Activation = "lrelu"  # lrelu or relu
    resample_filter: Taps = (1, 3, 3, 1)  # taps of the FIR
    conv_clamp: Amount = 0.0  # clamp activations to +-this; 0 = no clamp
    use_wscale: bool = True  # progan, stylegan: equalized learning rate
    blur_filter: TapsOrNone = (1, 2, 1)  # stylegan: before downscaling
    fused_scale: Switch = "auto"  # stylegan: on, off, auto (from 128 pixels)


@dataclasses.dataclass
class GrowingConfig:
    """Of progressive architectures. A table holds values by resolution, such
    as "8:256 16:128"; other resolutions have the value in `training`. It may
    depend on the replicas: "1= 8:128; 8= 8:256" has a table for up to seven
    of them and one from eight on."""

    initial_resolution: Whole = 0  # of the first stage; 0 = grown at once
    stabilise_kimg: Amount = 600.0  # between two fades
    fade_kimg: Amount = 600.0  # a new resolution's; 0 = at once
    batch_sizes: Counts = ""  # table of training.batch_size
    batch_limits: Counts = ""  # table; cuts the batch, images a replica
    images_at_once: Wholes = ""  # table of training.max_batch_per_replica
    learning_rates: Amounts = ""  # table of both networks' learning rates
    rampup_kimg: Amount = 0.0  # learning rates rise from 0 until then
    tick_kimg: Positives = ""  # table of training.log_kimg


@dataclasses.dataclass
class LossConfig:
    # logistic, logistic_saturating, hinge, wgan or relativistic
    adversarial: Adversarial = "logistic"
    r1_gamma: Amount = 10.0  # weight of the R1 penalty (reals); 0 = none
    r2_gamma: Amount = 0.0  # weight of the R2 penalty (fakes); 0 = none
    wgan_gp_weight: Amount = 0.0  # weight of the WGAN-GP penalty; 0 = none
    wgan_drift: Amount = 0.0  # weight of squared real scores (ProGAN 0.001)
    acgan_weight: Amount = 0.0  # of label losses (ProGAN 1); label_logits
    d_reg_interval_steps: Count = 16  # D steps per penalty; 1 = not lazy
    pl_weight: Amount = 2.0  # weight of the path length penalty; 0 = none
    pl_decay: Share = 0.01  # of the running mean path length
    pl_batch_shrink: Count = 2  # path lengths on batch_size // this
    pl_weight_gradient: bool = True  # False: not to conv kernels (faster)
    g_reg_interval_steps: Count = 4  # G steps per penalty; 1 = not lazy
    style_mixing_prob: Share = 0.9  # chance that a batch mixes two latents
    # Labels of D's fakes: random (ADA) or real, those of the reals beside
    # them (ProGAN, StyleGAN, StyleGAN2; relativistic has them in any case)
    fake_labels: FakeLabels = "random"


@dataclasses.dataclass
class AugmentConfig:
    """Of every image that D judges (arXiv 2006.06676)."""

    mode: Augmentation = "off"  # off, fixed (at p) or adaptive (from p)
    preset: Preset = "bgc"  # b blit, g geometry, c colour, f filter, n, c
    p: Share = 0.0  # chance of each transform
    max_p: Share = 0.8  # adaptive: never above this
    heuristic: Heuristic = "sign"  # of reals; validation: needs holdout
    target: Share = 0.0  # of the heuristic; 0 = 0.6 (sign), 0.5 (validation)
    speed_kimg: Positive = 500.0  # p goes from 0 to 1 in so many; transfer 100
    interval_steps: Count = 4  # steps from one change of p to the next


@dataclasses.dataclass
class TrainingConfig:
    total_kimg: Total = 25000.0  # thousands of real images to show
    freeze_d_layers: Whole = 0  # of D, from the image on, that never learn
    batch_size: Count = 32  # over all replicas
    max_batch_per_replica: Whole = 0  # accumulate gradients above; 0 = no limit
    rematerialize: bool = False  # compute blocks twice, and keep less of them
    generator_lr: Amount = 0.002  # Adam
    discriminator_lr: Amount = 0.002  # Adam
    adam_beta1: Decay = 0.0  # Adam
    adam_beta2: Decay = 0.99  # Adam
    adam_epsilon: Positive = 1e-8  # Adam
    ema_half_life_kimg: Amount = 10.0  # of the averaged generator
    ema_rampup: Amount = 0.05  # half-life <= this * images_seen; 0 = off
    ema_step_decay: Decay = 0.0  # ProGAN: 0.999 a step; 0 = by half-life
    discriminator_first: bool = False  # D, average, G (ProGAN, StyleGAN)
    precision: Precision = "auto"  # auto, float32, tf32, bfloat16 or float16
    low_precision_blocks: Whole = 4  # highest resolutions in low precision
    jit_compile: Switch = "auto"  # auto (on GPUs), on or off
    deterministic: bool = False  # bit-equal repeats, slower on GPUs
    seed: Seed = 0  # of weights, data order and every random draw
    log_kimg: Positive = 1.0  # metrics.jsonl and TensorBoard
    sample_kimg: Amount = 50.0  # sample grids
    sample_grid: Pair = (8, 8)  # rows (of classes, one each), columns
    sample_truncation_psi: Number = 1.0  # of the sample grids; 1 = none
    snapshot_kimg: Amount = 200.0  # checkpoints
    keep_snapshots: Count = 3  # newest ones kept
    keep_every_kimg: Amount = 0.0  # also keep one every so often; 0 = off


@dataclasses.dataclass
class MetricsConfig:
    names: str = ""  # measured while training, "fid5k_full,ppl_wend"
    period_kimg: Amount = 200.0  # how often
    features: str = "auto"  # networks: auto, offline, a folder or a file
    classifiers: str = ""  # of attributes: a folder; "" = as features
    # fid, pr, swd of fewer real images than they ask for: show them again, as
    # ProGAN's and StyleGAN's code; False: each once at most, as ADA's
    repeat_reals: bool = False


def _group(kind):
    return dataclasses.field(default_factory=kind)


@dataclasses.dataclass
class Config:
    name: str = "stylegan2"  # what the system is called
    resolution: Count = 256  # longer side of the image, base * 2**k
    base_shape: Pair = (4, 4)  # height, width of the constant
    image_channels: Channels = 3  # 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha
    label_size: Whole = 0  # classes; 0 = unconditional or told by the data
    label_kind: LabelKind = "classes"  # or vectors; the data tell it
    label_names: Names = ()  # of classes, or of columns; the data tell them
    # By which size, batch, width, rates, ... follow from data and devices; none
    # in a run, once they did. See `rules`
    rules: Rules = "none"
    data: DataConfig = _group(DataConfig)
    growing: GrowingConfig = _group(GrowingConfig)
    generator: GeneratorConfig = _group(GeneratorConfig)
    discriminator: DiscriminatorConfig = _group(DiscriminatorConfig)
    loss: LossConfig = _group(LossConfig)
    augment: AugmentConfig = _group(AugmentConfig)
    training: TrainingConfig = _group(TrainingConfig)
    metrics: MetricsConfig = _group(MetricsConfig)

    @property
    def doublings(self):
        """How often the constant's size doubles until the image's."""
        return round(math.log2(self.resolution / max(self.base_shape)))

    @property
    def image_shape(self):
        """Height, width and channels of an image."""
        height, width = (side << self.doublings for side in self.base_shape)
        return height, width, self.image_channels

    @property
    def num_ws(self):
        """Style layers of the synthesis network."""
        return 2 * self.doublings + 2 if self.generator.use_styles else 1

    @property
    def is_progressive(self):
        """Whether the networks have stages to grow through."""
        return self.generator.architecture in PROGRESSIVE

    @property
    def noise_shapes(self):
        """Height and width of every noise input, from the first."""
        if not self.generator.use_noise:
            return []
        # StyleGAN2's constant has none.
        first = 0 if self.generator.architecture == "stylegan" else 1
        return [
            tuple(side << index // 2 for side in self.base_shape)
            for index in range(first, 2 * self.doublings + 2)
        ]


def resolutions(config):
    """Resolutions of the blocks, e.g. `[4, 8, 16, 32]` (longer sides)."""
    return [max(config.base_shape) << k for k in range(config.doublings + 1)]


def channels(network, resolution):
    """Feature maps of `network` (its config) at `resolution`."""
    usual = min(network.channel_base // resolution, network.channel_max)
    return tables.table(network.channel_table).get(resolution, usual)
