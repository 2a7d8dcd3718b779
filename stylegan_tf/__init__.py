"""StyleGAN on TensorFlow and Keras 3."""
