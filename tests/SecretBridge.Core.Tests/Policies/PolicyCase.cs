using SecretBridge.Policies;

namespace SecretBridge.Tests.Policies;

/// <summary>An operation, what it is asked of a policy, and how to tell whether it succeeded.</summary>
/// <param name="Name">A name for the test's row.</param>
/// <param name="SourceVersion">The KV version of the source's mount.</param>
/// <param name="TargetVersion">The KV version of the destination's mount.</param>
/// <param name="Item">What the policy is made for.</param>
/// <param name="Run">Runs the operation; true where it did all that it is for.</param>
internal sealed record PolicyCase(
    string Name, int SourceVersion, int TargetVersion, Func<PolicyRun, IEnumerable<PolicyItem>> Item, Func<PolicyRun, Task<bool>> Run)
{
    /// <summary>Whether something equal is at the destination before.</summary>
    public bool HasTarget { get; init; }

    /// <summary>Whether something else is at the destination before.</summary>
    public bool Differs { get; init; }

    /// <summary>Whether one connection is for both sides.</summary>
    public bool IsOneConnection { get; init; }

    /// <summary>What else to set up.</summary>
    public Func<PolicyAdmin, PolicyRun, Task>? Arrange { get; init; }

    /// <summary>What to do with all rights before the policy is made.</summary>
    public Func<PolicyRun, Task>? Prepare { get; init; }

    /// <summary>How the policy is made.</summary>
    public Func<PolicyOptions, PolicyOptions> Options { get; init; } = options => options;

    public override string ToString() => $"{Name}, v{SourceVersion} to v{TargetVersion}";
}
