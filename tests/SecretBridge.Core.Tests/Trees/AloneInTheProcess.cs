using Xunit;

namespace SecretBridge.Tests.Trees;

/// <summary>Tests that count the memory of the process, and so run while no others do.</summary>
[CollectionDefinition(MemoryTests.Name, DisableParallelization = true)]
public sealed class AloneInTheProcess;
