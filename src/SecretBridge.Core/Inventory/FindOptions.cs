using System.Security.Cryptography;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Inventory;

/// <summary>What secrets to look for. All that is said must hold; what is not said holds for every secret.</summary>
public sealed record FindOptions
{
    /// <summary>Shorter values are no duplicates, where nobody says otherwise: ports and flags are alike everywhere.</summary>
    public const int UsualMinimumLength = 8;

    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>Globs of relative paths to look at; empty looks at all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Globs of relative paths to leave out; they win over <see cref="Include"/>.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>A regular expression that relative paths match somewhere; null for any.</summary>
    public string? Match { get; init; }

    /// <summary>Names of keys, with * and ?, without regard to case: a secret has a key of one of them, nested ones too.</summary>
    public IReadOnlyList<string> KeyName { get; init; } = [];

    /// <summary>Custom metadata that a secret has; in values * and ? are wildcards, without regard to case.</summary>
    public IReadOnlyDictionary<string, string> CustomMetadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long ago at least the secret was last written; null for any time.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>How long ago at most the secret was last written; null for any time.</summary>
    public TimeSpan? NewerThan { get; init; }

    /// <summary>Whether the secret was written once and never again.</summary>
    public bool NeverUpdated { get; init; }

    /// <summary>A value that one of the secret's keys has; every secret left is read for it.</summary>
    public SealedValue? Value { get; init; }

    /// <summary>A regular expression that one of the values matches somewhere; every secret left is read for it.</summary>
    public string? ValuePattern { get; init; }

    /// <summary>Whether a duplicate is a whole secret with the same keys and values, and not one value.</summary>
    public bool WholeSecret { get; init; }

    /// <summary>The characters that a value has at least to be a duplicate.</summary>
    public int MinimumLength { get; init; } = UsualMinimumLength;

    /// <summary>How many requests may be in flight; null finds out how many are good for the server.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Fills a buffer with random bytes.</summary>
    public Action<byte[]> Fill { get; init; } = buffer => RandomNumberGenerator.Fill(buffer);

    internal bool NeedsMetadata => CustomMetadata.Count > 0 || OlderThan is not null || NewerThan is not null || NeverUpdated;

    internal bool NeedsValue => Value is not null || ValuePattern is not null;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public void Validate()
    {
        BoundedPipe.CheckDegree(ThrottleLimit);
        CheckAge(nameof(OlderThan), OlderThan);
        CheckAge(nameof(NewerThan), NewerThan);
        if (Value is not null && ValuePattern is not null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(ValuePattern), "Look either for a value or for a pattern.");
        }

        if (Value is { } value && string.IsNullOrEmpty(value.Reveal()))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Value), "The value to look for is empty.");
        }

        if (WholeSecret && KeyName.Count > 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(KeyName), "Whole secrets are compared with all their keys: leave either KeyName or WholeSecret out.");
        }

        if (MinimumLength < 1)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(MinimumLength), "MinimumLength must be 1 or more.");
        }
    }

    // A bare number is so many ticks, which nobody means.
    private static void CheckAge(string name, TimeSpan? age)
    {
        if (age < TimeSpan.FromSeconds(1))
        {
            throw new BridgeException(FaultKind.InvalidArgument, name, $"{name} must be a second or more. A bare number is a ten-millionth of a second each: write '90.00:00:00' or (New-TimeSpan -Days 90) for 90 days.");
        }
    }
}
