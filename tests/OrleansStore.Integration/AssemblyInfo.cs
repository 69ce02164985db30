// Each test has several processes of its own: two at a time would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
