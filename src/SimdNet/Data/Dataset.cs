using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Data;
using SimdNet.IO;

namespace SimdNet;

/// <summary>Makes data sets: from files, arrays, tensors, and those that come with the library.</summary>
/// <remarks>
/// Readers of files throw <see cref="FileNotFoundException"/> for a file that is missing, another <see cref="IOException"/> for one that cannot be
/// read, and <see cref="SimdNetFormatException"/> for one that is not what it should be: message with path, place and reason.
/// </remarks>
public static class Dataset
{
    /// <summary>1,797 images of handwritten digits, 8 × 8 pixels from 0 to 16 (divide by 16), with the labels 0 to 9.</summary>
    /// <remarks>The test set of "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository, CC BY 4.0.</remarks>
    public static Dataset<T> Digits<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BuiltInData.Digits<T>();

    /// <summary>Three exams: hours studied and slept, and the points of 100 they led to; in their own units (scale by the columns' maxima and by 100).</summary>
    public static Dataset<T> Exam<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BuiltInData.Exam<T>();

    /// <summary>Exclusive or: four rows of two inputs, one target.</summary>
    public static Dataset<T> Xor<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BuiltInData.Xor<T>();

    /// <summary>Rows of inputs and rows of targets, copied.</summary>
    /// <param name="inputs">At least one row; all of the same length, finite.</param>
    /// <param name="targets">As many rows; all of the same length, finite.</param>
    /// <exception cref="ArgumentException">A row is null or of another length than the first, the numbers of rows differ, or a value is not finite.</exception>
    public static Dataset<T> FromRows<T>(T[][] inputs, T[][] targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] flatInputs = Flatten(inputs, nameof(inputs), out int features);
        T[] flatTargets = Flatten(targets, nameof(targets), out int outputs);
        return new Dataset<T>(flatInputs, features, flatTargets, outputs);
    }

    /// <summary>Rows of inputs and their class labels, copied.</summary>
    /// <param name="inputs">At least one row; all of the same length, finite.</param>
    /// <param name="labels">As many labels, from 0.</param>
    /// <exception cref="ArgumentException">A row is null or of another length than the first, the numbers of rows differ, a value is not finite or a label negative.</exception>
    public static Dataset<T> FromRows<T>(T[][] inputs, int[] labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(labels);
        T[] flatInputs = Flatten(inputs, nameof(inputs), out int features);
        return new Dataset<T>(flatInputs, features, (int[])labels.Clone());
    }

    /// <summary>Two matrices, copied.</summary>
    /// <param name="inputs">[rows × features].</param>
    /// <param name="targets">[rows × outputs].</param>
    /// <exception cref="ArgumentException">A tensor has not two dimensions, the rows differ in number, or a value is not finite.</exception>
    public static Dataset<T> FromTensors<T>(in ReadOnlyTensorSpan<T> inputs, in ReadOnlyTensorSpan<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] flatInputs = Flatten(inputs, nameof(inputs), out int features);
        T[] flatTargets = Flatten(targets, nameof(targets), out int outputs);
        return new Dataset<T>(flatInputs, features, flatTargets, outputs);
    }

    /// <summary>A matrix and class labels, copied.</summary>
    /// <param name="inputs">[rows × features].</param>
    /// <param name="labels">[rows], from 0.</param>
    /// <exception cref="ArgumentException">The tensor has not two dimensions, the rows differ in number, a value is not finite or a label negative.</exception>
    public static Dataset<T> FromTensors<T>(in ReadOnlyTensorSpan<T> inputs, ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] flatInputs = Flatten(inputs, nameof(inputs), out int features);
        return new Dataset<T>(flatInputs, features, labels.ToArray());
    }

    /// <summary>Two NPY files.</summary>
    /// <param name="inputsPath">Array of at least two dimensions; the first counts the rows, the others are flattened.</param>
    /// <param name="labelsPath">
    /// Whole numbers from 0 of shape (n,) or (n, 1): class labels. Floats of these shapes, or whole numbers of which some are negative: one target.
    /// A matrix of more columns, whatever its type: a target a column, so also one-hot rows.
    /// </param>
    public static Dataset<T> FromNpy<T>(string inputsPath, string labelsPath)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Join<T>(NpyFile.Read(inputsPath), NpyFile.Read(labelsPath));

    /// <summary>An NPZ file with the arrays X and y, of which the same is true as of the files of <see cref="FromNpy"/>; others are ignored.</summary>
    /// <param name="path">The file.</param>
    public static Dataset<T> FromNpz<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => OfArchive<T>(NpzFile.Read(path), path);

    /// <summary>The same of arrays that are read.</summary>
    internal static Dataset<T> OfArchive<T>(IReadOnlyDictionary<string, NpyArray> arrays, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return Join<T>(Find("X"), Find("y"));

        NpyArray Find(string name) => arrays.TryGetValue(name, out NpyArray? array)
            ? array
            : throw new SimdNetFormatException(
                $"the archive has no array named {name} (it has {(arrays.Count == 0 ? "none" : Quoted.Of(string.Join(", ", arrays.Keys)))}); X and y are needed.", path);
    }

    /// <summary>Two IDX files, plain or in gzip: images, flattened, and class labels.</summary>
    /// <param name="imagesPath">Array of at least two dimensions; the first counts the rows. Values stay as they are, 0 to 255 for bytes.</param>
    /// <param name="labelsPath">As many whole numbers from 0.</param>
    public static Dataset<T> FromIdx<T>(string imagesPath, string labelsPath)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => OfImages<T>(IdxFile.Read(imagesPath), IdxFile.Read(labelsPath), labelsPath);

    /// <summary>The same of arrays that are read.</summary>
    internal static Dataset<T> OfImages<T>(NpyArray images, NpyArray labels, string labelsPath)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!labels.IsInteger || !labels.IsVector)
        {
            throw new SimdNetFormatException(
                $"labels are whole numbers in one dimension; this file has {labels.Type} of the shape {ArrayShape.Text(labels.Shape)}. Are images and labels the wrong way round?",
                labelsPath);
        }

        return !labels.HasNegative()
            ? Join<T>(images, labels)
            : throw new SimdNetFormatException("there is a negative number among the labels; they are whole numbers from 0.", labelsPath);
    }

    /// <summary>The files of an MNIST-like set from a folder.</summary>
    /// <remarks>
    /// train-images-idx3-ubyte and train-labels-idx1-ubyte, or t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte; each may be written with a dot before
    /// idx, as some unpackers do, and with .gz behind.
    /// </remarks>
    /// <param name="folder">The folder.</param>
    /// <param name="test">The test set (t10k) rather than the training set (train).</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names all that are.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static Dataset<T> FromIdxFolder<T>(string folder, bool test)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"{folder}: there is no such folder.");
        }

        string prefix = test ? "t10k" : "train";
        string images = $"{prefix}-images-idx3-ubyte";
        string labels = $"{prefix}-labels-idx1-ubyte";
        string? imagesPath = FindIdx(folder, images);
        string? labelsPath = FindIdx(folder, labels);
        if (imagesPath is null || labelsPath is null)
        {
            string missing = imagesPath is null && labelsPath is null ? $"{images} and {labels}" : imagesPath is null ? images : labels;
            throw new FileNotFoundException($"{folder}: {missing} (or with .gz behind) not found in this folder.", Path.Combine(folder, imagesPath is null ? images : labels));
        }

        return FromIdx<T>(imagesPath, labelsPath);
    }

    private static string? FindIdx(string folder, string name)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        foreach (string candidate in new[] { name, dotted, name + ".gz", dotted + ".gz" })
        {
            string path = Path.Combine(folder, candidate);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Rows of one array and what the other says of each.</summary>
    internal static Dataset<T> Join<T>(NpyArray inputs, NpyArray labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int rows, int features) = Matrix(inputs, "inputs");
        bool isVector = labels.IsVector;
        (int labelRows, int outputs) = isVector ? (labels.Shape[0], 1) : Matrix(labels, "targets");
        if (rows != labelRows)
        {
            throw new SimdNetFormatException(
                $"there are {labelRows} rows here, of shape {ArrayShape.Text(labels.Shape)}, but {rows} in {inputs.Source}, of shape {ArrayShape.Text(inputs.Shape)}; they must agree.",
                labels.Source);
        }

        // Labels before inputs: they are small, and their errors then cost nothing.
        if (isVector && labels.IsInteger && !labels.HasNegative())
        {
            int[] classes = labels.ToLabels();
            return new Dataset<T>(FiniteInputs<T>(inputs, features), features, classes);
        }

        T[] targets = FiniteInputs<T>(labels, outputs);
        return new Dataset<T>(FiniteInputs<T>(inputs, features), features, targets, outputs);
    }

    private static (int Rows, int Columns) Matrix(NpyArray array, string what)
    {
        ReadOnlySpan<int> shape = array.Shape;
        if (shape.Length < 2)
        {
            throw new SimdNetFormatException(
                $"the {what} need at least two dimensions, a row a sample; this array has the shape {ArrayShape.Text(shape)}. Reshape it to (n, 1) if it has one column.",
                array.Source);
        }

        return array.Length > 0
            ? (shape[0], array.Length / shape[0])
            : throw new SimdNetFormatException($"the array of shape {Quoted.Of(ArrayShape.Text(shape))} is empty; at least one row of one value is needed.", array.Source);
    }

    private static T[] FiniteInputs<T>(NpyArray array, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = array.ToArray<T>();
        int bad = FiniteValues.IndexOfOther<T>(values);
        return bad < 0 ? values : throw new SimdNetFormatException($"{FiniteValues.Describe<T>(values, bad, columns)}.", array.Source);
    }

    private static T[] Flatten<T>(T[][] rows, string name, out int columns)
    {
        ArgumentNullException.ThrowIfNull(rows, name);
        columns = rows.Length > 0 && rows[0] is not null ? rows[0].Length : 0;
        if (columns == 0)
        {
            throw new ArgumentException("At least one row of one value is needed.", name);
        }

        if ((long)rows.Length * columns > Array.MaxLength)
        {
            throw new ArgumentException($"{rows.Length} rows of {columns} values are more than an array can hold.", name);
        }

        T[] values = new T[rows.Length * columns];
        for (int row = 0; row < rows.Length; row++)
        {
            if (rows[row] is not { } source || source.Length != columns)
            {
                throw new ArgumentException(
                    $"Row {row} (counted from 0) has {rows[row]?.Length.ToString(CultureInfo.InvariantCulture) ?? "no"} values, the first {columns}.", name);
            }

            source.CopyTo(values, row * columns);
        }

        return values;
    }

    private static T[] Flatten<T>(in ReadOnlyTensorSpan<T> matrix, string name, out int columns)
    {
        if (matrix.Rank != 2)
        {
            throw new ArgumentException($"A tensor of shape [rows × columns] is needed; this one has {matrix.Rank} dimensions.", name);
        }

        if (matrix.FlattenedLength == 0 || matrix.FlattenedLength > Array.MaxLength)
        {
            throw new ArgumentException($"The tensor has {matrix.FlattenedLength} elements; from 1 to {Array.MaxLength} are possible.", name);
        }

        columns = (int)matrix.Lengths[1];
        T[] values = new T[(int)matrix.FlattenedLength];
        matrix.FlattenTo(values);
        return values;
    }
}
