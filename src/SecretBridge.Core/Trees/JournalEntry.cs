namespace SecretBridge.Trees;

/// <summary>What a journal says of a secret that is done.</summary>
internal sealed record JournalEntry(
    CopyAction Action,
    int? SourceVersion,
    int? DestinationVersion,
    int VersionsCopied,
    bool MetadataChanged,
    bool? Verified,
    bool NumberPrecision,
    IReadOnlyList<CopyLoss> Lossy,
    string? Reason)
{
    /// <summary>Whether nothing is left to do; what failed or was in conflict is tried again.</summary>
    internal bool IsDone => Action is not (CopyAction.Failed or CopyAction.Conflict);

    internal static JournalEntry Of(CopyOutcome outcome) => new(
        outcome.Row.Action,
        outcome.Row.SourceVersion,
        outcome.Row.DestinationVersion,
        outcome.Row.VersionsCopied,
        outcome.Row.MetadataChanged,
        outcome.Row.Verified,
        outcome.NumberPrecision,
        outcome.Row.Lossy,
        outcome.Row.Reason);

    /// <summary>The row as the run that did it gave it.</summary>
    internal CopyOutcome On(CopyResult row) => new(
        row with
        {
            Action = Action,
            SourceVersion = SourceVersion,
            DestinationVersion = DestinationVersion,
            VersionsCopied = VersionsCopied,
            MetadataChanged = MetadataChanged,
            Verified = Verified,
            Lossy = Lossy,
            Reason = Reason is null ? "The journal says that it was done before." : $"{Reason} (Done before, as the journal says.)",
        },
        NumberPrecision,
        IsFromJournal: true);
}
