using System.Globalization;
using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>Which versions of a secret a copy carries.</summary>
public sealed record VersionSelection
{
    private VersionSelection(bool isAll, int? number)
    {
        IsAll = isAll;
        Number = number;
    }

    /// <summary>The latest version alone.</summary>
    public static VersionSelection Latest { get; } = new(false, null);

    /// <summary>The whole history, oldest version first.</summary>
    public static VersionSelection All { get; } = new(true, null);

    /// <summary>Whether the whole history is carried.</summary>
    public bool IsAll { get; }

    /// <summary>The one version that is carried; null for the latest or for all.</summary>
    public int? Number { get; }

    /// <summary>One version, by its number.</summary>
    /// <exception cref="BridgeException">The number is below 1 (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public static VersionSelection Of(int number) => number >= 1
        ? new(false, number)
        : throw Refused(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads <c>Latest</c>, <c>All</c> or a number.</summary>
    /// <exception cref="BridgeException">The text is none of them (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public static VersionSelection Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Equals("Latest", StringComparison.OrdinalIgnoreCase) ? Latest
            : text.Equals("All", StringComparison.OrdinalIgnoreCase) ? All
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Of(number)
            : throw Refused(text);
    }

    /// <summary><c>Latest</c>, <c>All</c> or the number.</summary>
    public override string ToString() => IsAll ? "All" : Number?.ToString(CultureInfo.InvariantCulture) ?? "Latest";

    private static BridgeException Refused(string text) =>
        new(FaultKind.InvalidArgument, "Version", $"Version '{text}' is neither Latest, All nor a number from 1.");
}
