"""Work that outlives its request: the store of jobs, and rebuilds in a process of their own."""
