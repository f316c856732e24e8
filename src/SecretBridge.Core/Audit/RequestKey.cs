using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SecretBridge.Audit;

/// <summary>
/// The id of a request, or one that was sent with it, in 16 bytes: millions of them are held at once. Ids are GUIDs; another
/// text is stood for by its digest.
/// </summary>
internal readonly record struct RequestKey(Guid Value)
{
    internal static RequestKey Of(ReadOnlySpan<byte> id) =>
        Utf8Parser.TryParse(id, out Guid guid, out int used) && used == id.Length ? new(guid) : new(new Guid(SHA256.HashData(id).AsSpan(0, 16)));

    internal static RequestKey Of(string id) => Of(Encoding.UTF8.GetBytes(id));
}
