using System.Management.Automation;

namespace SecretBridge.Commands;

public sealed partial class CopyVaultSubtree
{
    /// <summary>Soft-deletes at the destination what the source folder lacks, once all was copied without a failure.</summary>
    [Parameter]
    public SwitchParameter Mirror { get; set; }

    /// <summary>How many secrets -Mirror may delete. Where there are more, it deletes none.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public int MaxDelete { get; set; }
}
