using System.Text;

namespace SecretBridge.Audit;

/// <summary>
/// Leaves out the lines of a block that cannot hold any of some texts inside a JSON string, without looking at each line.
/// </summary>
/// <remarks>
/// A text that JSON escapes nothing of but by <c>\u</c> or <c>\/</c> either stands in a line as it is, or the line holds one of
/// these two escapes. So a line is left out only if it holds neither the text nor such an escape. Servers write <c>\u</c> for
/// <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> only; whatever else ships a log may escape more.
/// </remarks>
internal sealed class LineFilter
{
    private readonly byte[][] _needles;
    private readonly int[] _next;

    /// <summary>Prepares a filter.</summary>
    /// <param name="texts">What a line may hold; where none is given, every line that is not blank is kept.</param>
    internal LineFilter(IReadOnlyCollection<string> texts)
    {
        byte[][] runs = texts.Select(text => Encoding.UTF8.GetBytes(LongestRun(text))).ToArray();
        _needles = runs.Length == 0 || Array.Exists(runs, run => run.Length == 0) ? [] : [.. runs, "\\u"u8.ToArray(), "\\/"u8.ToArray(), HashedPath];
        _next = new int[_needles.Length];
    }

    // Not what was asked for, but what must be told: a path that nobody can read.
    private static byte[] HashedPath => "path\":\"hmac-"u8.ToArray();

    /// <summary>The lines of a block that are kept.</summary>
    internal LineEnumerator Lines(ReadOnlySpan<byte> block)
    {
        Array.Fill(_next, -1);
        return new(block, _needles, _next);
    }

    // What is left of a text between the characters that have short escapes of their own.
    private static string LongestRun(string text) =>
        text.Split(['"', '\\', .. Enumerable.Range(0, ' ').Select(code => (char)code)]).MaxBy(run => run.Length) ?? "";

    /// <summary>A line in its block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">Its length without the line feed.</param>
    internal readonly ref struct Line(ReadOnlySpan<byte> block, int start, int length)
    {
        private readonly ReadOnlySpan<byte> _block = block;

        /// <summary>Its bytes without the line feed.</summary>
        internal ReadOnlySpan<byte> Text => _block.Slice(start, length);

        /// <summary>How many line feeds stand before it: counted only where somebody asks.</summary>
        internal int FeedsBefore() => _block[..start].Count((byte)'\n');
    }

    /// <summary>Goes from one kept line to the next.</summary>
    internal ref struct LineEnumerator(ReadOnlySpan<byte> block, byte[][] needles, int[] next)
    {
        private readonly ReadOnlySpan<byte> _block = block;
        private int _from;

        /// <summary>The line it stands at.</summary>
        public Line Current { get; private set; }

        /// <summary>The enumerator itself.</summary>
        public readonly LineEnumerator GetEnumerator() => this;

        /// <summary>Goes on.</summary>
        public bool MoveNext()
        {
            while (_from < _block.Length)
            {
                int hit = needles.Length == 0 ? _from : NextHit();
                if (hit < 0)
                {
                    _from = _block.Length;
                    return false;
                }

                int start = needles.Length == 0 ? _from : _from + _block[_from..hit].LastIndexOf((byte)'\n') + 1;
                int feed = _block[hit..].IndexOf((byte)'\n');
                int end = feed < 0 ? _block.Length : hit + feed;
                _from = end + 1;
                if (!_block[start..end].Trim(" \r\t"u8).IsEmpty)
                {
                    Current = new(_block, start, end - start);
                    return true;
                }
            }

            return false;
        }

        private readonly int NextHit()
        {
            int nearest = int.MaxValue;
            for (int i = 0; i < needles.Length; i++)
            {
                if (next[i] < _from)
                {
                    int found = _block[_from..].IndexOf(needles[i]);
                    next[i] = found < 0 ? int.MaxValue : _from + found;
                }

                nearest = Math.Min(nearest, next[i]);
            }

            return nearest == int.MaxValue ? -1 : nearest;
        }
    }
}
