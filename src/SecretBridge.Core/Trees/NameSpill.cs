using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Keeps the names of a walk until it is over, in their order: in memory up to a bound, beyond it in a temporary file of the
/// owner's alone. It holds names and paths, and no value. The file has no name while it is used where the system allows
/// that, so that not even a killed run leaves it.
/// </summary>
internal sealed class NameSpill(int bound) : IDisposable
{
    private readonly List<SourceStep> _steps = [];
    private readonly List<BridgeException> _faults = [];
    private readonly List<(string Root, StoreLocation? Location, ISecretStore? Store)> _roots = [];
    private readonly Dictionary<(string Root, StoreLocation? Location, ISecretStore? Store), int> _rootNumbers = [];
    private FileStream? _file;
    private BinaryWriter? _writer;
    private int _count;

    /// <summary>Whether the names are in a file.</summary>
    internal bool IsSpilled => _file is not null;

    /// <exception cref="BridgeException">The temporary file cannot be written (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal void Add(SourceStep step) => Guard(() =>
    {
        _count++;
        if (_file is null && _steps.Count < bound)
        {
            _steps.Add(step);
            return 0;
        }

        if (_file is null)
        {
            _file = Open();
            _writer = new(_file, Encoding.UTF8, leaveOpen: true);
            _steps.ForEach(Write);
            _steps.Clear();
        }

        Write(step);
        return 0;
    });

    /// <summary>The names, from the first. One enumeration at a time.</summary>
    internal IEnumerable<SourceStep> Read()
    {
        if (_file is null)
        {
            foreach (SourceStep step in _steps)
            {
                yield return step;
            }

            yield break;
        }

        Guard(() =>
        {
            _writer!.Flush();
            return _file.Position = 0;
        });
        using var reader = new BinaryReader(_file, Encoding.UTF8, leaveOpen: true);
        for (int i = 0; i < _count; i++)
        {
            yield return Guard(() => Read(reader));
        }
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _file?.Dispose();
    }

    private static FileStream Open()
    {
        string path = Path.Combine(Path.GetTempPath(), $"secretbridge-{Guid.NewGuid():N}.names");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 1 << 16,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return file;
    }

    private static T Guard<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidConfiguration, Path.GetTempPath(),
                $"The names of the tree, which a map needs at once, cannot be kept in '{Path.GetTempPath()}': {exception.Message} Make room there, or name another folder in TMPDIR (TEMP on Windows). Nothing was written.", exception);
        }
    }

    private void Write(SourceStep step)
    {
        BinaryWriter writer = _writer!;
        var root = (step.Root, step.RootLocation, step.Location?.Store);
        if (!_rootNumbers.TryGetValue(root, out int number))
        {
            number = _roots.Count;
            _rootNumbers.Add(root, number);
            _roots.Add(root);
        }

        writer.Write7BitEncodedInt(number);
        writer.Write(step.Uri);
        writer.Write(step.RelativePath);
        writer.Write(step.Relative.Value);
        writer.Write(step.Location?.Path.Value ?? "");
        writer.Write7BitEncodedInt(step.Version ?? 0);
        writer.Write(step.IsListed);
        writer.Write(step.IsTwin);
        writer.Write7BitEncodedInt(step.Fault is null ? 0 : _faults.Count + 1);
        if (step.Fault is not null)
        {
            _faults.Add(step.Fault);
        }
    }

    private SourceStep Read(BinaryReader reader)
    {
        (string root, StoreLocation? rootLocation, ISecretStore? store) = _roots[reader.Read7BitEncodedInt()];
        string uri = reader.ReadString(), relativePath = reader.ReadString(), relative = reader.ReadString(), path = reader.ReadString();
        int version = reader.Read7BitEncodedInt();
        bool isListed = reader.ReadBoolean(), isTwin = reader.ReadBoolean();
        int fault = reader.Read7BitEncodedInt();
        return new()
        {
            Uri = uri,
            Root = root,
            RelativePath = relativePath,
            Relative = PathOf(relative),
            Location = store is null ? null : new(store, PathOf(path)),
            RootLocation = rootLocation,
            Version = version == 0 ? null : version,
            IsListed = isListed,
            IsTwin = isTwin,
            Fault = fault == 0 ? null : _faults[fault - 1],
        };
    }

    private static SecretPath PathOf(string value) => value.Length == 0 ? SecretPath.Root : SecretPath.Parse(value);
}
