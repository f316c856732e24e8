using System.Buffers;

namespace SecretBridge.DevVault;

/// <summary>One version of a KV v2 secret.</summary>
internal sealed class KvVersion(int number, DateTimeOffset created, StoredValue value)
{
    private RawJson? _readable;

    public int Number { get; } = number;

    public DateTimeOffset Created { get; } = created;

    /// <summary>May lie in the future: only then is the version still readable.</summary>
    public DateTimeOffset? DeletionTime { get; private set; }

    public bool IsDestroyed { get; private set; }

    /// <summary>Null once destroyed.</summary>
    public StoredValue? Value { get; private set; } = value;

    public bool IsReadable(DateTimeOffset now) => !IsDestroyed && !(DeletionTime < now);

    public void DeleteAt(DateTimeOffset? time)
    {
        DeletionTime = time;
        Forget();
    }

    public void Destroy()
    {
        IsDestroyed = true;
        Value = null;
        Forget();
    }

    public void Forget() => _readable = null;

    /// <summary>The data of a read: kept, because reading is what benchmarks do.</summary>
    public RawJson Readable(KvSecret secret, VaultFlavour flavour)
    {
        if (_readable is null)
        {
            var buffer = new ArrayBufferWriter<byte>(Value!.Exact.Length + 256);
            buffer.Write("{\"data\":"u8);
            buffer.Write(Value.ThroughDouble);
            buffer.Write(",\"metadata\":"u8);
            GoJson.Write(buffer, Describe(secret, flavour));
            buffer.Write("}"u8);
            _readable = new RawJson(buffer.WrittenSpan.ToArray());
        }
        return _readable;
    }

    /// <summary>What a read or write tells about the version.</summary>
    public JsonMap Describe(KvSecret secret, VaultFlavour flavour)
    {
        JsonMap map = DescribeInMetadata();
        map["version"] = Number;
        if (flavour == VaultFlavour.OpenBao)
        {
            map["custom_metadata"] = secret.CustomMetadata;
        }
        return map;
    }

    public JsonMap DescribeInMetadata() => new()
    {
        ["created_time"] = GoTime.Format(Created),
        ["deletion_time"] = GoTime.Format(DeletionTime),
        ["destroyed"] = IsDestroyed,
    };
}
