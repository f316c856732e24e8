using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace SecretBridge.Audit.Consumers;

/// <summary>Who asked from where for what, read back from the bytes that stand for it.</summary>
internal sealed record ConsumerKey
{
    /// <summary>The target's number.</summary>
    internal int Target { get; private init; }

    internal bool IsSecretBridge { get; private init; }

    internal string Namespace { get; private init; } = "";

    internal string? DisplayName { get; private init; }

    internal string? EntityId { get; private init; }

    internal string? Role { get; private init; }

    internal IReadOnlyList<string> Policies { get; private init; } = [];

    internal string? RemoteAddress { get; private init; }

    /// <summary>Mount and path; null where paths are not told apart.</summary>
    internal string? Path { get; private init; }

    /// <summary>Writes the bytes of a key.</summary>
    internal sealed class Writer
    {
        private byte[] _bytes = new byte[512];
        private byte[] _unescaped = [];
        private int _length;

        internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

        /// <exception cref="InvalidOperationException">A text holds half a character.</exception>
        internal void Write(int target, bool isSecretBridge, in VaultLogEntry entry, ReadOnlySpan<byte> namespacePath)
        {
            _length = 0;
            Room(5);
            BinaryPrimitives.WriteInt32LittleEndian(_bytes, target);
            _bytes[4] = isSecretBridge ? (byte)1 : (byte)0;
            _length = 5;
            Add(namespacePath);
            Add(entry.DisplayName.Value(ref _unescaped));
            Add(entry.EntityId.Value(ref _unescaped));
            Add(entry.Role.Value(ref _unescaped));
            Add(entry.Policies);
            Add(entry.RemoteAddress.Value(ref _unescaped));
        }

        internal void WritePath(in LoggedPlace place)
        {
            int at = _length;
            Add(place.Mount);
            if (!place.Below.IsEmpty)
            {
                Room(place.Below.Length + 1);
                _bytes[_length++] = (byte)'/';
                place.Below.CopyTo(_bytes.AsSpan(_length));
                _length += place.Below.Length;
                BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at), _length - at - sizeof(int));
            }
        }

        private void Add(ReadOnlySpan<byte> text)
        {
            Room(text.Length + sizeof(int));
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), text.Length);
            text.CopyTo(_bytes.AsSpan(_length + sizeof(int)));
            _length += text.Length + sizeof(int);
        }

        private void Room(int more)
        {
            if (_length + more > _bytes.Length)
            {
                Array.Resize(ref _bytes, (_length + more) * 2);
            }
        }
    }

    internal static ConsumerKey Read(ReadOnlySpan<byte> bytes)
    {
        int target = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        bool isSecretBridge = bytes[4] != 0;
        bytes = bytes[5..];
        return new()
        {
            Target = target,
            IsSecretBridge = isSecretBridge,
            Namespace = Text(ref bytes) ?? "",
            DisplayName = Text(ref bytes),
            EntityId = Text(ref bytes),
            Role = Text(ref bytes),
            Policies = Names(Next(ref bytes)),
            RemoteAddress = Text(ref bytes),
            Path = bytes.IsEmpty ? null : Text(ref bytes),
        };
    }

    private static string? Text(ref ReadOnlySpan<byte> bytes) => Next(ref bytes) is { IsEmpty: false } text ? Encoding.UTF8.GetString(text) : null;

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> bytes)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        ReadOnlySpan<byte> text = bytes.Slice(sizeof(int), length);
        bytes = bytes[(sizeof(int) + length)..];
        return text;
    }

    private static List<string> Names(ReadOnlySpan<byte> json)
    {
        var names = new List<string>();
        var reader = new Utf8JsonReader(json);
        while (!json.IsEmpty && reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == 1)
            {
                names.Add(reader.GetString()!);
            }
        }

        return names;
    }
}
