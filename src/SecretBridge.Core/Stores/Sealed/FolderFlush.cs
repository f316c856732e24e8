using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace SecretBridge.Stores.Sealed;

/// <summary>Flushes a folder, so that a rename in it survives a loss of power. .NET cannot open a folder.</summary>
[SuppressMessage("Interoperability", "SYSLIB1054", Justification = "The generated form needs unsafe code, and nothing here is marshalled.")]
internal static class FolderFlush
{
    private const int InvalidArgument = 22;
    private const int LinuxNotSupported = 95;
    private const int MacNotSupported = 45;

    internal static void Run(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = Open(Encoding.UTF8.GetBytes(folder + "\0"), OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000);
        if (handle < 0)
        {
            throw Failure(folder, Marshal.GetLastPInvokeError());
        }

        try
        {
            // Some file systems cannot flush a folder; they have nothing better to offer.
            if (Flush(handle) != 0 && Marshal.GetLastPInvokeError() is var error and not (InvalidArgument or LinuxNotSupported or MacNotSupported))
            {
                throw Failure(folder, error);
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException Failure(string folder, int error) => new($"The folder '{folder}' could not be flushed: {Marshal.GetPInvokeErrorMessage(error)}.", error);

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int handle);

    [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
