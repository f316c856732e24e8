using System.Diagnostics;

namespace SecretBridge.Tests.Trees.Control;

/// <summary>Kills this process once so many bytes were written.</summary>
internal sealed class MortalStream(Stream inner, long lifetime) : WrittenStream(inner)
{
    private long _left = lifetime;

    public override void Write(byte[] buffer, int offset, int count)
    {
        Inner.Write(buffer, offset, count);
        _left -= count;
        if (_left <= 0)
        {
            Process.GetCurrentProcess().Kill();

            // The signal may come a moment later, and nothing may happen until then.
            new ManualResetEvent(false).WaitOne();
        }
    }
}
