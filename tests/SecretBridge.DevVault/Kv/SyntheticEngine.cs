using System.Globalization;

namespace SecretBridge.DevVault;

/// <summary>
/// A KV v2 tree that is computed and not stored: folder-0000/secret-0000 and so on, values drawn from seed and path.
/// It can be read and listed, not written.
/// </summary>
internal sealed class SyntheticEngine(VaultFlavour flavour, int folders, int secretsPerFolder, int valueBytes, int seed, DateTimeOffset created) : IEngine
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private readonly string[] _secretNames = Names("secret-", secretsPerFolder);
    private readonly string _created = GoTime.Format(created);

    public bool? Exists(Call call) => true;

    public Reply Handle(Call call)
    {
        string[] segments = call.Below.TrimEnd('/').Split('/');
        return (segments, call.Operation) switch
        {
            (["data", { } folder, { } secret], Operation.Read) => Has(folder, secret) ? Read(folder, secret) : Reply.NotFound,
            (["metadata", { } folder, { } secret], Operation.Read) => Has(folder, secret) ? ReadMetadata() : Reply.NotFound,
            (["metadata"], Operation.List) => Reply.Keys(Listing.Page(call, [.. Names("folder-", folders).Select(name => name + "/")], flavour)),
            (["metadata", { } folder], Operation.List) => Reply.Keys(Number(folder, "folder-", folders) >= 0 ? Listing.Page(call, _secretNames, flavour) : []),
            (["metadata"], Operation.Scan) => Listing.Scanned(Names("folder-", folders).SelectMany(folder => _secretNames.Select(name => folder + "/" + name))),
            (["metadata", { } folder], Operation.Scan) => Listing.Scanned(Number(folder, "folder-", folders) >= 0 ? _secretNames : []),
            (["config"], Operation.Read) => Reply.Of(new KvConfig().Describe(flavour)),
            (["data" or "metadata", ..], Operation.Read or Operation.List or Operation.Scan) => Reply.NotFound,
            _ => Reply.UnsupportedOperation,
        };
    }

    private static string[] Names(string prefix, int count)
    {
        int digits = Math.Max(4, (count - 1).ToString(CultureInfo.InvariantCulture).Length);
        string format = "D" + digits;
        return [.. Enumerable.Range(0, count).Select(number => prefix + number.ToString(format, CultureInfo.InvariantCulture))];
    }

    private static int Number(string name, string prefix, int count)
    {
        int digits = Math.Max(4, (count - 1).ToString(CultureInfo.InvariantCulture).Length);
        return name.Length == prefix.Length + digits
            && name.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number < count ? number : -1;
    }

    private bool Has(string folder, string secret) =>
        Number(folder, "folder-", folders) >= 0 && Number(secret, "secret-", secretsPerFolder) >= 0;

    private Reply Read(string folder, string secret)
    {
        ulong state = Start(folder, secret);
        string value = string.Create(Math.Max(0, valueBytes), state, static (room, start) =>
        {
            for (int i = 0; i < room.Length; i++)
            {
                start ^= start << 13;
                start ^= start >> 7;
                start ^= start << 17;
                room[i] = Alphabet[(int)(start & 63)];
            }
        });
        return Reply.Of(new JsonMap { ["data"] = new JsonMap { ["value"] = value }, ["metadata"] = Version() });
    }

    private JsonMap Version()
    {
        var version = new JsonMap { ["created_time"] = _created, ["deletion_time"] = "", ["destroyed"] = false, ["version"] = 1 };
        if (flavour == VaultFlavour.OpenBao)
        {
            version["custom_metadata"] = null;
        }
        return version;
    }

    private Reply ReadMetadata()
    {
        var secret = new KvSecret(created);
        secret.Add(new StoredValue([]), created, new KvConfig());
        return Reply.Of(secret.Describe(flavour));
    }

    // FNV-1a over seed and path: the same value in every run, on every machine.
    private ulong Start(string folder, string secret)
    {
        ulong hash = 14695981039346656037UL ^ (uint)seed;
        foreach (char unit in folder + "/" + secret)
        {
            hash = (hash ^ unit) * 1099511628211UL;
        }
        return hash | 1;
    }
}
