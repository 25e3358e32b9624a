"""Looking into a latent space: codes of a data set, projections, paths, geometry."""
