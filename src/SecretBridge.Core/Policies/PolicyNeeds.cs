namespace SecretBridge.Policies;

/// <summary>What each operation asks of a side, as lines of that side's policy.</summary>
/// <param name="options">How policies are made.</param>
/// <param name="draft">The side's policy.</param>
/// <param name="place">Where on that side.</param>
/// <param name="item">What is to be done.</param>
internal sealed partial class PolicyNeeds(PolicyOptions options, PolicyDraft draft, PolicyPlace place, PolicyItem item)
{
    private PolicyDetail Detail => item.Detail;

    /// <summary>Adds what the source side needs.</summary>
    /// <param name="other">The other side; null where it is no server's.</param>
    internal void Source(PolicyPlace? other)
    {
        switch (item.For)
        {
            case PolicyOperation.Copy:
                CopySource(other);
                break;
            case PolicyOperation.Move:
                CopySource(other);
                Removal();
                break;
            case PolicyOperation.Remove:
                Compared(isForced: Detail.Force);
                Removal();
                break;
            case PolicyOperation.Compare:
                Compared(isForced: false);
                break;
            case PolicyOperation.List:
                Walk();
                Metadata("read", "details of each secret", isWanted: Detail.IncludeMetadata);
                break;
            case PolicyOperation.Snapshot:
                Walk();
                Data("read", "values to export");
                Metadata("read", "versions and metadata to export");
                Config("read", "the mount's settings, kept in the snapshot", isOptional: true);
                break;
            case PolicyOperation.Delete:
                Delete();
                break;
            case PolicyOperation.Restore:
                Metadata("read", "which versions are deleted");
                Action("undelete", "versions to restore");
                break;
            case PolicyOperation.Health:
                Health();
                break;
            default:
                Values();
                break;
        }
    }

    /// <summary>Adds what the destination side needs.</summary>
    /// <param name="other">The source side; null where it is no server's.</param>
    internal void Destination(PolicyPlace? other)
    {
        switch (item.For)
        {
            case PolicyOperation.Copy:
                CopyDestination(other);
                break;
            case PolicyOperation.Move:
                CopyDestination(other);
                Metadata("read", "what arrived, before versions end for good at the source",
                    isWanted: Detail.Removal != PolicyRemoval.Delete && place.HasVersions && other is { HasVersions: true });
                break;
            case PolicyOperation.Compare or PolicyOperation.Remove:
                Compared(isForced: false);
                break;
        }
    }

    private void Values()
    {
        if (!Detail.CheckAndSet || item.For != PolicyOperation.Write)
        {
            Data("read", item.For switch
            {
                PolicyOperation.Profile => "the profile, and what its references lead to",
                PolicyOperation.Read => "values",
                _ => "what is there, before it is written over",
            });
        }

        if (item.For == PolicyOperation.Write)
        {
            Data("create", "secrets that are new");
        }

        if (item.For is PolicyOperation.Write or PolicyOperation.Rotate)
        {
            Data("update", "secrets that are there");
        }
    }

    private void Delete()
    {
        if (!place.HasVersions)
        {
            Data("read", "whether it is there");
            Data("delete", "secrets to remove");
            return;
        }

        Metadata("read", "the version that is there, so that a later one survives", isOptional: Detail.Removal == PolicyRemoval.AllVersions);
        Extent();
    }

    private void Removal()
    {
        if (!place.HasVersions)
        {
            Data("read", "whether it is as it was compared");
            Data("delete", "secrets to remove");
            return;
        }

        Metadata("read", "the versions that are there, so that a later one survives");
        Extent();
    }

    private void Extent()
    {
        switch (Detail.Removal)
        {
            case PolicyRemoval.AllVersions:
                Metadata("delete", "secrets to remove with all versions");
                break;
            case PolicyRemoval.Destroy:
                Action("destroy", "versions to destroy");
                break;
            default:
                Action("delete", "versions to delete");
                break;
        }
    }

    private void Compared(bool isForced)
    {
        Walk();
        bool hasShapes = item.For == PolicyOperation.Compare && Detail.KeysOnly && place.HasVersions;
        if (hasShapes)
        {
            draft.Add(place.PathOf("subkeys", End), "read", "names of keys, without values", isTree: item.MeansTree);
        }

        if (!isForced && (!hasShapes || place.MayLackSubkeys))
        {
            Data("read", hasShapes ? "names of keys, where the server tells them only with the values" : "values to compare");
        }

        if (Detail.IncludeMetadata || Detail.IncludeVersion)
        {
            Metadata("read", "metadata and versions to compare");
        }
        else
        {
            Metadata("read", "what a listed name is that no version was written of", isOptional: true);
        }
    }

    private void Health()
    {
        draft.Add("sys/capabilities-self", "update", "what the token may do is asked of the server");
        if (place.Mount is not null)
        {
            draft.Add(place.PathOf("metadata", "/"), "list", "that the folder can be listed is checked");
            string path = place.PathOf("data", place.Path.IsRoot ? "/*" : "");
            foreach (string capability in new[] { "create", "read", "update" })
            {
                draft.Add(path, capability, "that secrets can be read and written is checked", isTree: place.Path.IsRoot);
            }
        }
    }

    private string End => item.MeansTree ? "/*" : "";

    private void Walk()
    {
        const string Why = "names of secrets and folders";
        bool scans = place.Scans && !options.NoScan;
        if (scans)
        {
            draft.Add(place.PathOf("metadata", "/"), "scan", Why);
            draft.Note("All names are asked for at once, by scan. -NoScan has them listed folder by folder instead, as a tree needs whose names are more than 32 MiB.");
        }

        draft.Add(place.PathOf("metadata", "/*"), "list", scans ? Why + ", where one answer does not hold them all" : Why, isOptional: scans, isTree: true);
    }

    private void Data(string capability, string why) => draft.Add(place.PathOf("data", End), capability, why, isTree: item.MeansTree);

    private void Metadata(string capability, string why, bool isOptional = false, bool isWanted = true)
    {
        if (isWanted && place.HasVersions)
        {
            draft.Add(place.PathOf("metadata", End), capability, why, isOptional, isTree: item.MeansTree);
        }
    }

    private void Action(string kind, string why)
    {
        if (place.HasVersions)
        {
            draft.Add(place.PathOf(kind, End), "update", why, isTree: item.MeansTree);
        }
    }

    private void Config(string capability, string why, bool isOptional = false)
    {
        if (place.HasVersions)
        {
            draft.Add(place.MountPathOf("config"), capability, why, isOptional);
        }
    }
}
