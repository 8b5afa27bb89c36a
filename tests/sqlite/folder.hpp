// A folder for the databases of one test, gone when the test is.
#ifndef ROSTER_TESTS_SQLITE_FOLDER_HPP
#define ROSTER_TESTS_SQLITE_FOLDER_HPP

#include <filesystem>
#include <random>
#include <string>

namespace roster_test {

class Folder {
 public:
  Folder() {
    // A name that is free: another process may take the first one.
    std::random_device entropy;
    std::filesystem::path name;
    do name = std::filesystem::temp_directory_path() / ("roster-sqlite-" + std::to_string(entropy()));
    while (!std::filesystem::create_directory(name));
    folder_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  /// The folder is empty again.
  void clear() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) std::filesystem::remove_all(entry);
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace roster_test

#endif
