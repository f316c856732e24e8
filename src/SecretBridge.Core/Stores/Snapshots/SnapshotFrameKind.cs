namespace SecretBridge.Stores.Snapshots;

/// <summary>What a frame of an archive holds. A frame opens only as what it was sealed as.</summary>
internal enum SnapshotFrameKind
{
    /// <summary>Whole secrets, one after the other.</summary>
    Secrets = 'S',

    /// <summary>A part of one long secret, which goes on in the next frame.</summary>
    Part = 'P',

    /// <summary>The end of a long secret.</summary>
    Rest = 'R',

    /// <summary>A part of the index.</summary>
    Index = 'I',

    /// <summary>The last frame, which tells how many others there are.</summary>
    Footer = 'F',
}
