"""The pure steps of the pipeline, one a module, in the order of `triage.pipeline`."""
