// Several silos in one process and little machine: one collection at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
