using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SecretBridge.Stores;

namespace SecretBridge.Inventory;

/// <summary>
/// The mark of a whole payload: the same for two that hold the same, in whatever order their keys come. Numbers are the same where
/// they are spelt alike; a text is never the same as a number.
/// </summary>
internal static class PayloadMark
{
    internal static RunDigest.Mark Of(RunDigest digest, ReadOnlySpan<byte> json)
    {
        switch (json[0])
        {
            case (byte)'{':
                var members = new SortedDictionary<string, RunDigest.Mark>(StringComparer.Ordinal);
                foreach ((string name, Range range) in JsonIndex.Members(json))
                {
                    members.Add(name, Of(digest, json[range]));
                }

                return Joined(digest, '{', members.SelectMany(member => new[] { digest.Of(Encoding.UTF8.GetBytes(member.Key)), member.Value }));
            case (byte)'[':
                var items = new List<RunDigest.Mark>();
                foreach (Range range in JsonIndex.Items(json))
                {
                    items.Add(Of(digest, json[range]));
                }

                return Joined(digest, '[', items);
            case (byte)'"':
                var reader = new Utf8JsonReader(json, JsonIndex.Options);
                reader.Read();
                RunDigest.Mark text = default;
                PayloadLeaves.Text(ref reader, characters => text = digest.Of(characters));
                return Joined(digest, '"', [text]);
            default:
                return Joined(digest, '0', [digest.Of(json)]);
        }
    }

    private static RunDigest.Mark Joined(RunDigest digest, char kind, IEnumerable<RunDigest.Mark> marks)
    {
        RunDigest.Mark[] all = [new(kind, 0), .. marks];
        return digest.Of(MemoryMarshal.AsBytes<RunDigest.Mark>(all));
    }
}
