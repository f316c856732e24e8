namespace SecretBridge.Trees;

/// <summary>Says what was lost.</summary>
internal static class LossText
{
    /// <summary>For a row.</summary>
    internal static string Short(CopyLoss loss) => loss switch
    {
        CopyLoss.CreatedTime => "times of writing are those of the copy",
        CopyLoss.History => "older versions are more than the destination keeps",
        CopyLoss.VersionNumber => "versions have other numbers",
        CopyLoss.DeletedVersion => "deleted versions were left out",
        CopyLoss.DeletedValue => "deleted versions arrived deleted and without their values",
        CopyLoss.CustomMetadata => "the server keeps no custom metadata",
        CopyLoss.DeletionTime => "a deletion is due on one side and not on the other",
        _ => "the destination keeps no metadata",
    };

    /// <summary>For the end of a run.</summary>
    internal static string Warning(CopyLoss loss, long count) => FormattableString.Invariant($"{loss}: of {count} secrets ") + loss switch
    {
        CopyLoss.CreatedTime => "the versions have the times of the copy, because servers set them themselves.",
        CopyLoss.History => "the destination keeps fewer versions than the source. Raise max_versions there, or use -IncludeMetadata and -IncludeMountConfig.",
        CopyLoss.VersionNumber => "the versions have other numbers than at the source. -KeepVersionNumber keeps them.",
        CopyLoss.DeletedVersion => "deleted or destroyed versions were left out.",
        CopyLoss.DeletedValue => "deleted versions arrived deleted and without their values, which cannot be read without restoring them at the source.",
        CopyLoss.DeletionTime => "versions are due to be deleted at the source and not at the destination, or there and not at the source. See delete_version_after of both mounts and secrets; -IncludeMetadata and -IncludeMountConfig carry it.",
        CopyLoss.CustomMetadata => "custom metadata was left out, because the destination's server keeps none. Vault does since 1.9.",
        _ => "the metadata was left out, because the destination keeps none.",
    };
}
