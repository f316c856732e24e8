using System.Globalization;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>Reads the replies of KV mounts.</summary>
internal static class KvReplies
{
    /// <summary>Reads a secret of a version 1 mount: the data is the payload.</summary>
    public static SecretReading ReadV1(VaultRequest request, VaultReply reply) => reply.Status == 404
        ? SecretReading.Absent
        : new()
        {
            State = SecretState.Live,
            Payload = SecretPayload.FromReply(ObjectOf(request, reply, reply.Data)),
            Lease = reply.Envelope.Lease,
            RequestId = reply.RequestId,
        };

    /// <summary>
    /// Reads a version of a version 2 mount. Whether it is deleted is told by the status, which the server judges by its own
    /// clock: a deletion time ahead of it comes with a live value.
    /// </summary>
    public static SecretReading ReadV2(VaultRequest request, VaultReply reply)
    {
        if (reply.Status == 404 && reply.Data.IsEmpty)
        {
            return SecretReading.Absent;
        }

        (ReadOnlyMemory<byte> payload, JsonFields metadata) = Split(request, reply, "data"u8);
        return Reading(request, reply, metadata, reply.Status == 404 ? null
            // A version 2 mount takes null for a payload and gives it back; it is carried like any other.
            : payload.Span.SequenceEqual("null"u8) ? SecretPayload.FromReply(payload)
            : SecretPayload.FromReply(ObjectOf(request, reply, payload)));
    }

    /// <summary>Reads the shape of a version of a version 2 mount: its keys, without the values.</summary>
    public static SecretReading ReadSubkeys(VaultRequest request, VaultReply reply)
    {
        if (reply.Status == 404 && reply.Data.IsEmpty)
        {
            return SecretReading.Absent;
        }

        (ReadOnlyMemory<byte> shape, JsonFields metadata) = Split(request, reply, "subkeys"u8);
        return Reading(request, reply, metadata, reply.Status == 404 ? null
            : shape.Span.SequenceEqual("null"u8) ? SecretPayload.FromReply("{}"u8.ToArray())
            : SecretPayload.FromReply(ObjectOf(request, reply, shape)));
    }

    /// <summary>Reads the metadata of a secret, which came at a moment of this machine's clock; null where there is none.</summary>
    public static SecretMetadata? ReadMetadata(VaultRequest request, VaultReply reply, DateTimeOffset localNow)
    {
        if (reply.Status == 404)
        {
            return null;
        }

        JsonFields data = JsonFields.Of(reply.Data);
        JsonFields versions = data.Object("versions");
        return new()
        {
            CurrentVersion = (int?)data.Number("current_version") ?? throw Malformed(request, reply, "it tells no current version"),
            OldestVersion = (int)(data.Number("oldest_version") ?? 0),
            MaxVersions = (int)(data.Number("max_versions") ?? 0),
            CheckAndSetRequired = data.Flag("cas_required"),
            DeleteVersionAfter = GoDuration.Parse(data.Text("delete_version_after")) ?? TimeSpan.Zero,
            CustomMetadata = data.Map("custom_metadata"),
            TakesCustomMetadata = data.Names.Contains("custom_metadata"),
            MetadataVersion = (int?)data.Number("current_metadata_version"),
            CreatedTime = data.Time("created_time"),
            UpdatedTime = data.Time("updated_time"),
            Versions = versions.Names.Select(name => Version(name, versions.Object(name))).OfType<SecretVersion>().OrderBy(version => version.Number).ToArray(),
            // The header tells whole seconds, and some servers keep it for another; a deletion tells its nanoseconds. One that
            // was just made must not look like one to come.
            ServerTime = reply.Date?.AddSeconds(2),
            LocalTime = localNow,
        };
    }

    /// <summary>Reads what is set for a mount.</summary>
    public static MountSettings ReadSettings(VaultReply reply)
    {
        JsonFields config = JsonFields.Of(reply.Data);
        return new()
        {
            MaxVersions = (int?)config.Number("max_versions"),
            CheckAndSetRequired = config.Flag("cas_required"),
            DeleteVersionAfter = GoDuration.Parse(config.Text("delete_version_after")) ?? TimeSpan.Zero,
        };
    }

    /// <summary>Reads a list of names; null where the folder does not exist.</summary>
    public static IReadOnlyList<string>? ReadKeys(VaultRequest request, VaultReply reply)
    {
        if (reply.Status == 404)
        {
            return null;
        }

        // A folder without a visible name is a success with empty data. Anything else without keys is no list.
        JsonFields data = JsonFields.Of(reply.Data);
        return !reply.Data.IsEmpty && (data.Has("keys") || !data.Names.Any())
            ? data.Strings("keys")
            : throw Malformed(request, reply, "it holds no list of keys");
    }

    /// <summary>Reads what a version 2 mount answers to a write. A success without a version was written by something else.</summary>
    public static WriteReceipt ReadReceipt(VaultRequest request, VaultReply reply) =>
        JsonFields.Of(reply.Data) is var fields && (int?)fields.Number("version") is { } version
            ? new(version, reply.RequestId) { DeletionTime = fields.Time("deletion_time") }
            : throw new VaultException(FaultKind.OutcomeUnknown, request,
                $"{request}: answered with status {reply.Status} and no version, which a KV version 2 mount never does. Check the mount's version.")
            {
                StatusCode = reply.Status,
                RequestId = reply.RequestId,
            };

    public static VaultException Malformed(VaultRequest request, VaultReply reply, string flaw) =>
        new(FaultKind.MalformedReply, request, $"{request}: the reply is not what a KV mount sends: {flaw} (status {reply.Status}).")
        {
            StatusCode = reply.Status,
            RequestId = reply.RequestId,
        };

    private static SecretReading Reading(VaultRequest request, VaultReply reply, JsonFields metadata, SecretPayload? payload) =>
        new()
        {
            Payload = payload,
            State = reply.Status != 404 ? SecretState.Live : metadata.Flag("destroyed") ? SecretState.Destroyed : SecretState.Deleted,
            Version = (int?)metadata.Number("version") ?? throw Malformed(request, reply, "it tells no version"),
            CreatedTime = metadata.Time("created_time"),
            DeletionTime = metadata.Time("deletion_time"),
            CustomMetadata = metadata.Has("custom_metadata") ? metadata.Map("custom_metadata") : null,
            Lease = reply.Envelope.Lease,
            RequestId = reply.RequestId,
        };

    private static SecretVersion? Version(string name, JsonFields version) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new(number, version.Time("created_time") ?? default, version.Time("deletion_time"), version.Flag("destroyed"))
            : null;

    private static (ReadOnlyMemory<byte> Payload, JsonFields Metadata) Split(VaultRequest request, VaultReply reply, ReadOnlySpan<byte> content)
    {
        ReadOnlyMemory<byte> data = reply.Data;
        var reader = new Utf8JsonReader(data.Span, ReplyEnvelope.Options);
        if (data.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Malformed(request, reply, "it holds no data");
        }

        ReadOnlyMemory<byte> payload = default, metadata = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isContent = reader.ValueTextEquals(content);
            bool isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            ReadOnlyMemory<byte> cut = data[start..(int)reader.BytesConsumed];
            payload = isContent ? cut : payload;
            metadata = isMetadata ? cut : metadata;
        }

        // A deleted version read by a KV that keeps the fields directly in the data.
        return (payload, JsonFields.Of(metadata.IsEmpty ? data : metadata));
    }

    private static ReadOnlyMemory<byte> ObjectOf(VaultRequest request, VaultReply reply, ReadOnlyMemory<byte> json) =>
        json.Span is [(byte)'{', ..] ? json : throw Malformed(request, reply, "the secret is not an object");
}
