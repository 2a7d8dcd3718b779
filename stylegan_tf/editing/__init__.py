"""What a trained network is used for.

figures/     the papers' figures, each drawn by one module
directions/  directions in W: found, measured, kept
projection/  the w and noise of given images
detection/   whether a network made an image
toys/        small networks that are trained for a figure
walks, video                    paths through W, and films of them
latent_files, direction_files   what one tool writes and others read
scales       coarse, middle, fine: layers by resolution
histories    samples and curves that runs left behind
looks        tells whether two networks are one
archives     npz files, checked as they are read
"""
