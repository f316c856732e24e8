namespace SecretBridge.DevVault;

/// <summary>KV version 1: the body is the secret, the last writer wins.</summary>
internal sealed class KvV1Engine(VaultFlavour flavour) : IEngine
{
    public static readonly TimeSpan DefaultLease = TimeSpan.FromHours(768);

    public NameTree<StoredValue> Secrets { get; } = new();

    public TimeSpan Lease { get; set; } = DefaultLease;

    public bool? Exists(Call call) => Secrets.Get(call.Below) is not null;

    public Reply Handle(Call call)
    {
        // Vault's storage refuses names with two dots in a row, and reports that as its own fault.
        if (flavour == VaultFlavour.Vault && call.Below.Contains("..", StringComparison.Ordinal))
        {
            return call.IsWrite ? Reply.Errors(500, "internal error") : Reply.Failure(500, "relative paths not supported");
        }

        return call.Operation switch
        {
            Operation.Read => Read(call),
            Operation.Create or Operation.Update => Write(call),
            Operation.Delete => Delete(call),
            Operation.List => Reply.Keys(Secrets.List(call.Below) ?? []),
            Operation.Scan when flavour == VaultFlavour.OpenBao => Listing.Scanned(Secrets.Scan(call.Below)),
            _ => Reply.UnsupportedOperation,
        };
    }

    private Reply Read(Call call)
    {
        if (Secrets.Get(call.Below) is not { } value)
        {
            return Reply.NotFound;
        }
        return new Reply { Data = new RawJson(value.Exact), LeaseDuration = LeaseOf(value) };
    }

    private Reply Write(Call call)
    {
        if (call.Below.Length == 0)
        {
            return Reply.Errors(400, "missing path");
        }
        if (call.Fields.IsEmpty)
        {
            return Reply.Errors(400, "missing data fields");
        }
        Secrets.Set(call.Below, StoredValue.From(call.Fields.Root));
        return Reply.NoContent;
    }

    private Reply Delete(Call call)
    {
        Secrets.Remove(call.Below);
        return Reply.NoContent;
    }

    // A ttl or lease among the values becomes the advice for how long to keep them.
    private long LeaseOf(StoredValue value)
    {
        var fields = new RequestFields(GoJson.Parse(value.Exact), flavour);
        string? text = fields.Text("ttl") ?? fields.Text("lease");
        TimeSpan? own = string.IsNullOrEmpty(text) ? null : GoDuration.Parse(text, flavour, out _);
        return (long)(own ?? Lease).TotalSeconds;
    }
}
