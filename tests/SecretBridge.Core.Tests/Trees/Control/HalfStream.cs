namespace SecretBridge.Tests.Trees.Control;

/// <summary>A disk that is full in the middle of one write, and has room again at the next.</summary>
internal sealed class HalfStream(Stream inner, int after) : WrittenStream(inner)
{
    private int _writes;

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (_writes++ == after)
        {
            Inner.Write(buffer, offset, count / 2);
            throw new IOException("No space left on device");
        }

        Inner.Write(buffer, offset, count);
    }
}
