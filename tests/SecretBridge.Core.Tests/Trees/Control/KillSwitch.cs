using SecretBridge.Stores;

namespace SecretBridge.Tests.Trees.Control;

/// <summary>
/// Ends a run as a kill would: after so many operations on stores and on the journal nothing is done any more. The last one
/// is done or not, or in part where it is a write to the journal.
/// </summary>
internal sealed class KillSwitch(int after, Random chance)
{
    private readonly object _gate = new();
    private readonly Random _chance = chance;
    private int _left = after;

    internal bool IsDead { get; private set; }

    internal int Seen { get; private set; }

    /// <summary>Counts an operation of a store.</summary>
    internal Task Before(string verb, SecretPath path)
    {
        lock (_gate)
        {
            Take();
            if (IsDead)
            {
                throw new KilledException();
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Stands before a journal's file.</summary>
    internal Stream Wrap(FileStream file) => new Watched(this, file);

    private void Take()
    {
        Seen++;
        IsDead |= --_left < 0;
    }

    internal sealed class KilledException() : Exception("The process was killed.");

    private sealed class Watched(KillSwitch owner, FileStream file) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => throw new NotSupportedException(); }

        public override void Flush()
        {
            lock (owner._gate)
            {
                owner.Take();
                if (owner.IsDead)
                {
                    throw new IOException("The process was killed.");
                }

                file.Flush();
            }
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            lock (owner._gate)
            {
                bool wasDead = owner.IsDead;
                owner.Take();
                if (owner.IsDead)
                {
                    // A torn line: any part of it, none or all.
                    file.Write(buffer, offset, wasDead ? 0 : owner._chance.Next(count + 1));
                    throw new IOException("The process was killed.");
                }

                file.Write(buffer, offset, count);
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
