"""What the recipes of several papers share: tables for `config.growing`."""

# Images an iteration by the GPUs there are: presets of ProGAN (its "v2") and
# of StyleGAN.
BATCH_SIZES = (
    "1= 4:128 8:128 16:128 32:64 64:32 128:16 256:8 512:4 1024:4;"
    "2= 4:256 8:256 16:128 32:64 64:32 128:16 256:8 512:8 1024:8;"
    "4= 4:512 8:256 16:128 32:64 64:32 128:16 256:16 512:16 1024:16;"
    "8= 4:512 8:256 16:128 32:64 64:32 128:32 256:32 512:32 1024:32"
)
# Images of one GPU at most.
BATCH_LIMITS = "256:16 512:8 1024:4"
# ProGAN's rates follow its batches; elsewhere it is 0.001.
PROGAN_LEARNING_RATES = (
    "1= 1024:0.0015;"
    "2= 512:0.0015 1024:0.002;"
    "4= 256:0.0015 512:0.002 1024:0.003;"
    "8= 128:0.0015 256:0.002 512:0.003 1024:0.003"
)
# StyleGAN's do not, and StyleGAN2's have one batch.
LEARNING_RATES = "128:0.0015 256:0.002 512:0.003 1024:0.003"
