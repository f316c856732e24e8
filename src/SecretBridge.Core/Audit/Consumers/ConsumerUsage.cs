namespace SecretBridge.Audit.Consumers;

/// <summary>What one identity did, from one address, with one target or one path of it.</summary>
/// <param name="Key">Who, from where, with what: as <see cref="ConsumerKey"/> reads it.</param>
/// <param name="Next">Another one whose key has the same hash.</param>
internal sealed record ConsumerUsage(byte[] Key, ConsumerUsage? Next)
{
    private readonly long[] _counts = new long[Enum.GetValues<RequestOutcome>().Length];

    internal DateTimeOffset? First { get; private set; }

    internal DateTimeOffset? Last { get; private set; }

    /// <summary>Whether anything was counted since this was last set to false.</summary>
    internal bool IsNew { get; set; }

    internal long Of(RequestOutcome outcome) => _counts[(int)outcome];

    internal void Count(RequestOutcome outcome, DateTimeOffset? time)
    {
        _counts[(int)outcome]++;
        See(time);
    }

    /// <summary>Counts a request otherwise, now that its end is known.</summary>
    internal void Recount(RequestOutcome before, RequestOutcome after, DateTimeOffset? time)
    {
        _counts[(int)before]--;
        _counts[(int)after]++;
        See(time);
    }

    private void See(DateTimeOffset? time)
    {
        IsNew = true;
        First = First is null || time < First ? time ?? First : First;
        Last = Last is null || time > Last ? time ?? Last : Last;
    }
}
