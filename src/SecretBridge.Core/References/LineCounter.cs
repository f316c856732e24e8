namespace SecretBridge.References;

/// <summary>Tells lines and columns of places that are asked for in their order.</summary>
internal sealed class LineCounter(string text)
{
    private int _index;
    private int _lineStart;
    private int _line = 1;

    /// <summary>The line and column of a place, both from 1. A line ends with LF, CR or both.</summary>
    public (int Line, int Column) At(int place)
    {
        for (; _index < place; _index++)
        {
            if (text[_index] == '\n' || (text[_index] == '\r' && (_index + 1 == text.Length || text[_index + 1] != '\n')))
            {
                _line++;
                _lineStart = _index + 1;
            }
        }

        return (_line, place - _lineStart + 1);
    }
}
