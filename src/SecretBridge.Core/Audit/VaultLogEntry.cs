using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SecretBridge.Wire;

namespace SecretBridge.Audit;

/// <summary>
/// One line of a server's audit log: its plain fields, where they stand in the line. The data of request and response are
/// never taken, because a log may hold them raw.
/// </summary>
internal ref struct VaultLogEntry
{
    private const int LongestError = 500;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>When it was logged; null where the device leaves it out.</summary>
    internal DateTimeOffset? Time { get; private set; }

    /// <summary>Whether it is older than what was wanted. Nothing else was read of it then.</summary>
    internal bool IsTooOld { get; private set; }

    /// <summary>Whether the line tells of a request at all.</summary>
    internal bool HasRequest { get; private set; }

    internal JsonText Type { get; private set; }

    internal JsonText Error { get; private set; }

    internal JsonText DisplayName { get; private set; }

    internal JsonText EntityId { get; private set; }

    /// <summary>The role that logged in, as AppRole, Kubernetes and JWT logins note it.</summary>
    internal JsonText Role { get; private set; }

    /// <summary>The policies, as the JSON array that they are.</summary>
    internal ReadOnlySpan<byte> Policies { get; private set; }

    internal JsonText Id { get; private set; }

    internal JsonText Operation { get; private set; }

    internal JsonText Path { get; private set; }

    internal JsonText Namespace { get; private set; }

    internal JsonText MountPoint { get; private set; }

    internal JsonText RemoteAddress { get; private set; }

    /// <summary>The token, as the HMAC that the log holds: good for telling whether two entries are of one token.</summary>
    internal JsonText ClientToken { get; private set; }

    /// <summary>The correlation id that came with the request, where the log tells it, possibly as an HMAC.</summary>
    internal JsonText CorrelationId { get; private set; }

    internal readonly bool IsResponse => Type.Raw.EndsWith("response"u8);

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line. A device can be set up to write a prefix before the object.</param>
    /// <param name="since">The earliest time of interest; null reads any.</param>
    /// <param name="entry">What it says.</param>
    /// <returns>Whether it is a whole JSON object.</returns>
    // Millions of lines go through at once, in processes that often live no longer than that: there is no time to warm up.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool TryRead(ReadOnlySpan<byte> line, DateTimeOffset? since, out VaultLogEntry entry)
    {
        entry = default;
        int start = line.IndexOf((byte)'{');
        if (start < 0)
        {
            return false;
        }

        try
        {
            line = line[start..];
            var reader = new Utf8JsonReader(line, Options);
            VaultLogEntry read = default;
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                read.ReadMember(line, ref reader);
                if (read.Time < since)
                {
                    read.IsTooOld = true;
                    entry = read;
                    return true;
                }
            }

            entry = read;

            // Reading on finds what was cut off, and what stands behind the object.
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The plain fields as text.</summary>
    internal readonly VaultAuditEntry ToEntry()
    {
        string? error = Error.ToString();
        return new()
        {
            Time = Time,
            Type = Type.ToString(),
            Operation = Operation.ToString(),
            Path = Path.ToString(),
            Namespace = Namespace.ToString(),
            DisplayName = DisplayName.ToString(),
            EntityId = EntityId.ToString(),
            RemoteAddress = RemoteAddress.ToString(),
            Error = error?.Length > LongestError ? error[..LongestError] + "…" : error,
            RequestId = Id.ToString(),
        };
    }

    private void ReadMember(ReadOnlySpan<byte> line, scoped ref Utf8JsonReader reader)
    {
        if (Is(ref reader, "time"u8))
        {
            Time = TimeOf(TextOf(line, ref reader), ref reader);
        }
        else if (Is(ref reader, "type"u8))
        {
            Type = TextOf(line, ref reader);
        }
        else if (Is(ref reader, "error"u8))
        {
            Error = TextOf(line, ref reader);
        }
        else if (Is(ref reader, "auth"u8))
        {
            ReadAuth(line, ref reader);
        }
        else if (Is(ref reader, "request"u8))
        {
            ReadRequest(line, ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadAuth(ReadOnlySpan<byte> line, scoped ref Utf8JsonReader reader)
    {
        while (NextMember(ref reader))
        {
            if (Is(ref reader, "display_name"u8))
            {
                DisplayName = TextOf(line, ref reader);
            }
            else if (Is(ref reader, "entity_id"u8))
            {
                EntityId = TextOf(line, ref reader);
            }
            else if (Is(ref reader, "client_token"u8))
            {
                ClientToken = TextOf(line, ref reader);
            }
            else if (Is(ref reader, "policies"u8))
            {
                reader.Read();
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                Policies = line[start..(int)reader.BytesConsumed];
            }
            else if (Is(ref reader, "metadata"u8))
            {
                while (NextMember(ref reader))
                {
                    bool isRole = Is(ref reader, "role_name"u8) || (Role.IsEmpty && Is(ref reader, "role"u8));
                    JsonText text = TextOf(line, ref reader);
                    Role = isRole ? text : Role;
                }
            }
            else
            {
                reader.Skip();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadRequest(ReadOnlySpan<byte> line, scoped ref Utf8JsonReader reader)
    {
        HasRequest = true;
        while (NextMember(ref reader))
        {
            if (Is(ref reader, "id"u8))
            {
                Id = TextOf(line, ref reader);
            }
            else if (Is(ref reader, "operation"u8))
            {
                Operation = TextOf(line, ref reader);
            }
            else if (Is(ref reader, "path"u8))
            {
                Path = TextOf(line, ref reader);
            }
            else if (Is(ref reader, "remote_address"u8))
            {
                RemoteAddress = TextOf(line, ref reader);
            }
            else if (Is(ref reader, "mount_point"u8))
            {
                MountPoint = TextOf(line, ref reader);
            }
            else if (Is(ref reader, "namespace"u8))
            {
                while (NextMember(ref reader))
                {
                    bool isPath = Is(ref reader, "path"u8);
                    JsonText text = TextOf(line, ref reader);
                    Namespace = isPath ? text : Namespace;
                }
            }
            else if (Is(ref reader, "headers"u8))
            {
                ReadHeaders(line, ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadHeaders(ReadOnlySpan<byte> line, scoped ref Utf8JsonReader reader)
    {
        while (NextMember(ref reader))
        {
            if (!string.Equals(reader.GetString(), Correlation.Header, StringComparison.OrdinalIgnoreCase))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                CorrelationId = CorrelationId.IsEmpty ? TextAt(line, ref reader) : CorrelationId;
                reader.Skip();
            }
        }
    }

    // The first call stands at the object's own name, or at null where there is none.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool NextMember(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                return false;
            }
        }

        return reader.Read() && reader.TokenType == JsonTokenType.PropertyName;
    }

    // Plain names, that is all that any server writes, are compared as they stand.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Is(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped ? reader.ValueTextEquals(name) : reader.ValueSpan.SequenceEqual(name);

    private static JsonText TextOf(ReadOnlySpan<byte> line, scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        JsonText text = TextAt(line, ref reader);
        reader.Skip();
        return text;
    }

    private static JsonText TextAt(ReadOnlySpan<byte> line, scoped ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? new(line.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2)) : default;

    private static DateTimeOffset? TimeOf(JsonText text, scoped ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? null
        : reader.TryGetDateTimeOffset(out DateTimeOffset time) ? time
        : DateTimeOffset.TryParse(text.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time) ? time
        : null;
}
