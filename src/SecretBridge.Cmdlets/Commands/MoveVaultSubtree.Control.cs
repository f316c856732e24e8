using System.Management.Automation;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <content>How a long move is parted, watched and gone on with.</content>
public sealed partial class MoveVaultSubtree
{
    /// <summary>A file that remembers which secrets were copied.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Goes on where the journal ends.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>The part of the sources to move, such as 3/8.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Shard { get; set; }

    /// <summary>The most requests a second of this move to all servers together.</summary>
    [Parameter]
    public double? RateLimit { get; set; }

    /// <summary>A file that gets progress, warnings and failures as JSON lines.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    private CopyOptions WithControl(CopyOptions options) => options with
    {
        JournalPath = JournalPath is null ? null : GetUnresolvedProviderPathFromPSPath(JournalPath),
        Resume = Resume,
        Shard = Shard is null ? null : Trees.Shard.Parse(Shard),
        RateLimit = RateLimit,
    };
}
