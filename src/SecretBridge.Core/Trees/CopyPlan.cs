using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>
/// What a copy would do, to be looked at, kept and given back. It holds references, versions and options, and no value. Written
/// as JSON by ConvertTo-Json -Depth 5 it can be read again.
/// </summary>
public sealed record CopyPlan
{
    /// <summary>The version of this form that is written.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of this form.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The folder below which everything would land.</summary>
    public required string DestinationUri { get; init; }

    /// <summary>How it would be copied, by the names of options.</summary>
    public required Dictionary<string, string> Options { get; init; }

    /// <summary>Which stores it is of, by their roots: cluster, namespace and mount. A plan holds for no others.</summary>
    public required Dictionary<string, string> Stores { get; init; }

    /// <summary>What would become of each secret. Those with the action Created or Updated are what the plan does.</summary>
    public required IReadOnlyList<CopyResult> Items { get; init; }

    /// <summary>What it was read from, for errors.</summary>
    internal string Name { get; init; } = "Plan";

    /// <summary>The plan of a copy that was only planned.</summary>
    internal static CopyPlan Of(CopyOptions options, SubtreeCopy copy, IReadOnlyList<CopyResult> rows) => new()
    {
        Created = options.Time.GetUtcNow(),
        DestinationUri = options.DestinationUri,
        Options = new(RunSettings.Of(options), StringComparer.Ordinal),
        Stores = new(copy.Stores, StringComparer.Ordinal),
        Items = rows,
    };

    /// <summary>Reads a plan.</summary>
    /// <param name="utf8">The plan as JSON.</param>
    /// <param name="name">What it was read from, for errors.</param>
    /// <exception cref="BridgeException">It is no plan (<see cref="FaultKind.InvalidConfiguration"/>); the message names the field.</exception>
    public static CopyPlan Read(ReadOnlyMemory<byte> utf8, string name)
    {
        try
        {
            return PlanReader.Read(utf8) with { Name = name };
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new BridgeException(FaultKind.InvalidConfiguration, name,
                $"'{name}' is no plan of a copy: {exception.Message.TrimEnd('.')}. Make one with -AsPlan, and keep it with ConvertTo-Json -Depth 5.", exception);
        }
    }
}
