namespace SecretBridge.Stores;

/// <summary>One name in a folder. A secret and a folder may share a name and are then listed both.</summary>
/// <param name="Name">The name, without the folder's slash.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
public readonly record struct ListedName(string Name, bool IsFolder)
{
    /// <summary>The name as servers list it, a folder with its slash. Its byte order is that of a depth-first walk.</summary>
    public string Listed => IsFolder ? Name + "/" : Name;
}
