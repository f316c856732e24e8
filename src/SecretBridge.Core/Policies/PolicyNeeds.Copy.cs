namespace SecretBridge.Policies;

/// <content>A copy: what its options and, where there is a plan, the plan make it ask.</content>
internal sealed partial class PolicyNeeds
{
    private bool CarriesSettings(PolicyPlace? other) => Detail.IncludeMountConfig && place.HasVersions && other is null or { HasVersions: true };

    private void CopySource(PolicyPlace? other)
    {
        if (item.Planned is null)
        {
            Walk();
        }

        Data("read", "values to copy");
        bool isCarried = Detail.AllVersions || Detail.IncludeMetadata;
        Metadata("read", isCarried ? "versions and metadata to copy" : "what a listed name is that no version was written of", isOptional: !isCarried);
        if (CarriesSettings(other))
        {
            Config("read", "the mount's settings to copy");
        }
    }

    private void CopyDestination(PolicyPlace? other)
    {
        PlannedWrite? planned = item.Planned;
        bool creates = planned?.Creates ?? true;
        if (!place.HasVersions)
        {
            Data("read", "what is there, before it is written over");
            Data("create", "secrets that are new", creates);
            Data("update", "secrets that differ", planned is null ? Detail.WritesOver : !creates);
            Names();
            return;
        }

        // Without a server on the other side it is a file, which keeps histories and metadata.
        bool keepsAll = other is null or { HasVersions: true };
        bool isHistory = Detail.AllVersions && keepsAll;
        bool isGone = isHistory ? Detail.PreservesDeleted || Detail.KeepVersionNumber
            : Detail.PreservesDeleted && keepsAll && planned is null or { Versions: 0 };
        bool addsAll = Detail.AddsMetadata;
        bool carries = Detail.IncludeMetadata && keepsAll;
        bool mayLackCustom = place.MayLackCustomMetadata;

        // Metadata goes first. Once it is there, the first version of a value is an update.
        bool metadataCreates = creates && (carries || addsAll) && planned?.WritesMetadata != false && (carries || !mayLackCustom);
        bool comesToNothing = mayLackCustom && (addsAll || other is not { LacksCustomMetadata: true });
        bool valueCreates = creates && (planned is null ? !addsAll || comesToNothing : !planned.WritesMetadata || comesToNothing);
        bool valueUpdates = (planned is null ? Detail.WritesOver : !creates && (planned.Versions > 0 || isGone))
            || metadataCreates
            || (isHistory && creates && (isGone || planned is null or { Versions: > 1 }));

        Data("read", "what is there, before it is written over", !isHistory || Detail.Verify || planned is null or { Creates: false });
        Data("create", "secrets that are new", valueCreates);
        Data("update", metadataCreates ? "secrets that are there, or whose metadata was just written" : isHistory ? "later versions" : "secrets that differ", valueUpdates);
        if (isGone)
        {
            Action("delete", "versions that are deleted at the source");
            Action("destroy", "versions that are destroyed at the source, or no longer kept there");
        }

        WriteMetadata(isHistory || isGone, carries, creates);
        if (Detail.Mirror)
        {
            Walk();
            Metadata("read", "the versions of what the source lacks");
            Action("delete", "what the source lacks");
        }
        else
        {
            Names();
        }

        if (CarriesSettings(other))
        {
            Config("read", "the mount's settings that are there");
            Config("update", "the mount's settings to write");
        }
        else if (isHistory)
        {
            Config("read", "how many versions the mount keeps", isOptional: true);
        }
    }

    private void WriteMetadata(bool looksAnyway, bool carries, bool creates)
    {
        PlannedWrite? planned = item.Planned;
        bool writes = carries || Detail.AddsMetadata;
        bool looks = writes && (Detail.AddsMetadata || planned is not { Creates: true, WritesMetadata: false });
        Metadata("read", looksAnyway ? "the versions that are there" : "the metadata that is there", isWanted: looksAnyway || looks);
        Metadata("create", "metadata of secrets that are new", isWanted: writes && creates && planned?.WritesMetadata != false);
        Metadata("update", "metadata of secrets that are there", isWanted: writes && (carries || !place.LacksCustomMetadata) && (planned is null || (!creates && planned.WritesMetadata)));
    }

    // Where a folder of the destination cannot be listed, each secret is looked at instead.
    private void Names()
    {
        const string Why = "names that are there, so that what is new need not be looked for";
        if (item.Planned is null)
        {
            draft.Add(place.PathOf("metadata", "/*"), "list", Why, isOptional: true, isTree: true);
        }
        else
        {
            PolicyPlace folder = place with { Path = place.Path.Parent };
            draft.Add(folder.PathOf("metadata", "/"), "list", Why, isOptional: true);
        }
    }

    private void Data(string capability, string why, bool isWanted)
    {
        if (isWanted)
        {
            Data(capability, why);
        }
    }
}
